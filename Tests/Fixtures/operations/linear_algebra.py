cases = {}
