"""How a review goes: who said what, how sure the model was, how long it took, where it stands."""
