"""What was predicted beside what the reviewers said: right where, wrong how, and what most of them say."""
