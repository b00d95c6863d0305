"""Texts in which a position is easily missed."""

HARD_TEXTS = [
    "Where is my money? My money!",
    "naïve café, cafe\u0301 and CAFÉ",  # composed, and with a combining mark
    "👩‍👩‍👧 paid 👍🏽 in 🇩🇪 with 💶💶 twice, paid twice",
    "أين نقودي؟ نقودي مُحَمَّد",
    "איפה הכסף שלי? שָׁלוֹם הכסף",
    "mixed עברית and English עברית",
    "İstanbul STRASSE Straße ﬁnd ½ ΟΔΟΣ ΣΑΣ",
    "मेरा पैसा कहाँ है, पैसा",
    "我的钱在哪里？ 我的钱",
    "line one\r\nline two\r\n\r\n  line   one\t!",
    "\x1b[31mred\x1b[0m and plain red \x00 \ud83d end",
    "a\u200bb zero\u200dwidth \u202eoverride",
    "",
    " ",
]
