"""What each command of `motcua` does; `bot/__main__.py` only names them."""
