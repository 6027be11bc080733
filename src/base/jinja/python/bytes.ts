import { indexOf, isInt } from './float.ts'
import { method } from './method.ts'
import { ATTRIBUTE, EQUALS, ITEM, LENGTH, REPR, TYPE_NAME } from './protocol.ts'
import { PythonError, typeError } from './python-error.ts'
import { Slice, slice } from './slice.ts'
import { typeName } from './text.ts'

/** What `str.encode` answers: Python's `bytes`, as far as templates use them. */
export class Bytes {
  readonly content: Uint8Array

  constructor(content: Uint8Array) {
    this.content = content
  }

  [Symbol.iterator](): Iterator<number> {
    return this.content[Symbol.iterator]()
  }

  [ATTRIBUTE](name: string): unknown {
    switch (name) {
      case 'decode':
        return method(
          name,
          ['encoding?', 'errors?'],
          (encoding = 'utf-8') => decoded(this.content, String(encoding)),
          true,
        )
      case 'hex':
        return method(name, [], () => Buffer.from(this.content).toString('hex'))
      case 'upper':
      case 'lower':
      case 'strip':
        return method(name, [], () => new Bytes(Buffer.from(changed(latin(this.content), name), 'latin1')))
      case 'startswith':
      case 'endswith':
        return method(name, ['prefix'], (part) => {
          if (!(part instanceof Bytes)) throw typeError(`${name} first arg must be bytes, not ${typeName(part)}`)
          const [whole, wanted] = [latin(this.content), latin(part.content)]
          return name === 'startswith' ? whole.startsWith(wanted) : whole.endsWith(wanted)
        })
      default:
        return undefined
    }
  }

  [ITEM](key: unknown): unknown {
    if (key instanceof Slice) return new Bytes(Uint8Array.from(slice([...this.content], key) as number[]))
    return isInt(key) ? this.content.at(indexOf(key)) : undefined
  }

  [LENGTH](): number {
    return this.content.length
  }

  [EQUALS](other: unknown): boolean {
    return other instanceof Bytes && Buffer.from(this.content).equals(other.content)
  }

  [REPR](): string {
    const text = latin(this.content)
    const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
    const body = text.replace(/[^ -~]|\\|'/g, (character) => {
      if (character === "'") return quote === "'" ? "\\'" : character
      return SHORT.get(character) ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
    })
    return `b${quote}${body}${quote}`
  }

  get [TYPE_NAME](): string {
    return 'bytes'
  }
}

const SHORT = new Map([
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
])

function latin(content: Uint8Array): string {
  return Buffer.from(content).toString('latin1')
}

function changed(text: string, name: 'upper' | 'lower' | 'strip'): string {
  if (name === 'strip') return text.replace(/^[ \t\n\r\f\v]+|[ \t\n\r\f\v]+$/g, '')
  const letters = name === 'upper' ? /[a-z]/g : /[A-Z]/g
  return text.replace(letters, (letter) => (name === 'upper' ? letter.toUpperCase() : letter.toLowerCase()))
}

function decoded(content: Uint8Array, encoding: string): string {
  const name = encoding.toLowerCase().replace(/[-_]/g, '')
  if (name === 'latin1' || name === 'iso88591') return latin(content)
  if (name !== 'utf8' && name !== 'ascii') throw new PythonError('LookupError', `unknown encoding: ${encoding}`)
  try {
    if (name === 'ascii' && content.some((byte) => byte > 127)) throw new TypeError('not ASCII')
    return new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch {
    throw new PythonError('ValueError', `'${encoding}' codec can't decode the bytes`)
  }
}
