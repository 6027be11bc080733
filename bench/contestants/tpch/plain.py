# What plain.ts does, for the sides in Python.
import re

def plain_value(value):
    if value is None:
        return None
    text = str(value)
    return precise(float(text)) if re.fullmatch(r'-?\d+(\.\d*)?(e[+-]?\d+)?', text, re.I) else text

def precise(number):
    """JavaScript's toPrecision(9), for numbers of a usual size."""
    digits = f'{number:.8e}'
    exponent = int(digits.split('e')[1])
    if -7 < exponent < 9:
        return f'{number:.{max(8 - exponent, 0)}f}'
    mantissa = digits.split('e')[0]
    return f"{mantissa}e{'+' if exponent >= 0 else '-'}{abs(exponent)}"

def plain_rows(rows):
    plain = [[plain_value(value) for value in row] for row in rows]
    plain.sort(key=lambda row: ','.join('' if value is None else value for value in row))
    import json
    return json.dumps(plain, separators=(',', ':'), ensure_ascii=False)
