import { Bytes } from './bytes.ts'
import { Float, float, indexOf, int, isFloat, isInt } from './float.ts'
import { method } from './method.ts'
import { parseFloating } from './parse-number.ts'
import { PythonError, typeError } from './python-error.ts'
import { Tuple } from './sequence.ts'
import { str, typeName } from './text.ts'

/** An attribute of an int (booleans are ints) or a float; `undefined` when there is none of that name. */
export function numberMember(self: unknown, name: string): unknown {
  if (isFloat(self)) return floatMember(self instanceof Float ? self.value : self, name)
  if (isInt(self) || typeof self === 'boolean') return intMember(BigInt(self), name)
  return undefined
}

function intMember(self: bigint, name: string): unknown {
  const size = self < 0n ? -self : self
  switch (name) {
    case 'real':
    case 'numerator':
      return int(self)
    case 'imag':
      return 0
    case 'denominator':
      return 1
    case 'conjugate':
      return method(name, [], () => int(self))
    case 'bit_length':
      return method(name, [], () => (size === 0n ? 0 : size.toString(2).length))
    case 'bit_count':
      return method(name, [], () => size.toString(2).replaceAll('0', '').length)
    case 'as_integer_ratio':
      return method(name, [], () => new Tuple([int(self), 1]))
    case 'to_bytes':
      return method(
        name,
        ['length?', 'byteorder?'],
        (length = 1, order = 'big') => toBytes(self, indexOf(length), order),
        true,
      )
    case 'from_bytes':
      return method(name, ['bytes', 'byteorder?'], (bytes, order = 'big') => {
        if (!(bytes instanceof Bytes)) throw typeError(`cannot convert '${typeName(bytes)}' object to bytes`)
        const hex = Buffer.from(order === 'little' ? bytes.content.toReversed() : bytes.content).toString('hex')
        return int(BigInt(`0x${hex || '0'}`))
      })
    default:
      return undefined
  }
}

function toBytes(self: bigint, length: number, order: unknown): Bytes {
  if (self < 0n) throw new PythonError('OverflowError', "can't convert negative int to unsigned")
  const hex = self.toString(16).padStart(length * 2, '0')
  if (hex.length > length * 2) throw new PythonError('OverflowError', 'int too big to convert')
  const bytes = new Uint8Array(Buffer.from(hex, 'hex'))
  return new Bytes(order === 'little' ? bytes.toReversed() : bytes)
}

function floatMember(self: number, name: string): unknown {
  switch (name) {
    case 'real':
      return float(self)
    case 'imag':
      return float(0)
    case 'conjugate':
      return method(name, [], () => float(self))
    case 'is_integer':
      return method(name, [], () => Number.isInteger(self))
    case 'as_integer_ratio':
      return method(name, [], () => ratio(self))
    case 'hex':
      return method(name, [], () => hexText(self))
    case 'fromhex':
      return method(name, ['string'], (text) => fromHex(str(text)))
    default:
      return undefined
  }
}

function ratio(self: number): Tuple {
  if (!Number.isFinite(self)) {
    const [kind, what] = Number.isNaN(self)
      ? (['ValueError', 'NaN'] as const)
      : (['OverflowError', 'Infinity'] as const)
    throw new PythonError(kind, `cannot convert ${what} to integer ratio`)
  }
  let [above, below] = [self, 1n]
  while (!Number.isInteger(above)) [above, below] = [above * 2, below * 2n]
  return new Tuple([int(BigInt(above)), int(below)])
}

/** C's `%a`, as `float.hex` prints it. */
function hexText(self: number): string {
  if (!Number.isFinite(self)) return Number.isNaN(self) ? 'nan' : self > 0 ? 'inf' : '-inf'
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, self)
  const whole = bits.getBigUint64(0)
  const sign = whole >> 63n ? '-' : ''
  const power = Number((whole >> 52n) & 0x7ffn)
  const digits = (whole & 0xfffffffffffffn).toString(16).padStart(13, '0')
  if (power === 0 && /^0+$/.test(digits)) return `${sign}0x0.0p+0`
  const exponent = power === 0 ? -1022 : power - 1023
  return `${sign}0x${power === 0 ? 0 : 1}.${digits}p${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`
}

function fromHex(text: string): unknown {
  const match = /^\s*([+-]?)(?:0x)?([\da-f]*)\.?([\da-f]*)(?:p([+-]?\d+))?\s*$/i.exec(text)
  if (!match || `${match[2]}${match[3]}` === '') {
    const named = /inf|nan/i.test(text) ? parseFloating(text) : undefined
    if (named !== undefined) return float(named)
    throw new PythonError('ValueError', 'invalid hexadecimal floating-point string')
  }
  const [, sign, whole = '', fraction = '', power = '0'] = match
  const value = Number.parseInt(`0${whole}${fraction}`, 16) * 2 ** (Number(power) - 4 * fraction.length)
  return float(sign === '-' ? -value : value)
}
