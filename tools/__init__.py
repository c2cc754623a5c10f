"""Programs that judge a change of this repository from outside; nothing imports them."""
