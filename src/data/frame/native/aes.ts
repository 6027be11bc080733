import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

// AES as Spark lays it out: the initialization vector stands before what was encrypted, and the tag of GCM behind it.

const NOTHING = Buffer.alloc(0)
const TAG = 16
/** How many bytes the initialization vector of a mode has. */
const VECTOR = { GCM: 12, CBC: 16, ECB: 0 } as const
type Mode = keyof typeof VECTOR

/** @throws Error of Spark's class for a mode, key, vector or additional data that is not allowed */
export function aesEncrypt(
  input: Uint8Array,
  key: Uint8Array,
  modeText: string,
  padding: string,
  vector: Uint8Array,
  additional: Uint8Array,
): Uint8Array {
  const mode = modeOf(modeText, padding)
  const size = VECTOR[mode]
  checkKey(key)
  if (vector.length > 0 && size === 0) {
    throw wrong('UNSUPPORTED_FEATURE.AES_MODE_IV', `AES-${mode} does not support initialization vectors (IVs)`)
  }
  if (vector.length > 0 && vector.length !== size) {
    const why = `supports 16-byte CBC IVs and 12-byte GCM IVs, but got ${vector.length} bytes for ${mode}`
    throw wrong('INVALID_PARAMETER_VALUE.AES_IV_LENGTH', why)
  }
  checkAdditional(mode, additional)
  const start = vector.length > 0 ? Buffer.from(vector) : randomBytes(size)
  if (mode !== 'GCM') {
    const cipher = createCipheriv(
      `aes-${key.length * 8}-${mode === 'CBC' ? 'cbc' : 'ecb'}`,
      key,
      size === 0 ? null : start,
    )
    return Buffer.concat([start, cipher.update(input), cipher.final()])
  }
  const cipher = createCipheriv(gcm(key), key, start, { authTagLength: TAG })
  cipher.setAAD(additional)
  return Buffer.concat([start, cipher.update(input), cipher.final(), cipher.getAuthTag()])
}

/** @throws Error of Spark's class, also for what was not encrypted with the key */
export function aesDecrypt(
  input: Uint8Array,
  key: Uint8Array,
  modeText: string,
  padding: string,
  additional: Uint8Array,
): Uint8Array {
  const mode = modeOf(modeText, padding)
  checkKey(key)
  checkAdditional(mode, additional)
  try {
    return decrypted(mode, Buffer.from(input), key, additional)
  } catch {
    throw wrong('INVALID_PARAMETER_VALUE.AES_CRYPTO_ERROR', 'the bytes cannot be decrypted with this key')
  }
}

/** `aesDecrypt` with null where it fails. */
export function tryAesDecrypt(...given: Parameters<typeof aesDecrypt>): Uint8Array | null {
  try {
    return aesDecrypt(...given)
  } catch {
    return null
  }
}

function decrypted(mode: Mode, input: Buffer, key: Uint8Array, additional: Uint8Array): Uint8Array {
  const size = VECTOR[mode]
  if (input.length < size) throw new RangeError('too short')
  const vector = input.subarray(0, size)
  if (mode !== 'GCM') {
    const decipher = createDecipheriv(
      `aes-${key.length * 8}-${mode === 'CBC' ? 'cbc' : 'ecb'}`,
      key,
      size === 0 ? null : vector,
    )
    // Java takes no bytes for no text, where OpenSSL misses a block.
    const rest = input.subarray(size)
    return rest.length === 0 ? NOTHING : Buffer.concat([decipher.update(rest), decipher.final()])
  }
  if (input.length < size + TAG) throw new RangeError('too short')
  const decipher = createDecipheriv(gcm(key), key, vector, { authTagLength: TAG })
  decipher.setAAD(additional)
  decipher.setAuthTag(input.subarray(-TAG))
  return Buffer.concat([decipher.update(input.subarray(size, -TAG)), decipher.final()])
}

function gcm(key: Uint8Array): 'aes-128-gcm' | 'aes-192-gcm' | 'aes-256-gcm' {
  return key.length === 16 ? 'aes-128-gcm' : key.length === 24 ? 'aes-192-gcm' : 'aes-256-gcm'
}

function modeOf(modeText: string, paddingText: string): Mode {
  const [mode, padding] = [modeText.toUpperCase(), paddingText.toUpperCase()]
  const paddings = mode === 'GCM' ? ['DEFAULT', 'NONE'] : ['DEFAULT', 'PKCS']
  if (mode in VECTOR && paddings.includes(padding)) return mode as Mode
  throw wrong('UNSUPPORTED_FEATURE.AES_MODE', `AES-${modeText} with the padding ${paddingText}`)
}

function checkKey(key: Uint8Array): void {
  if (key.length === 16 || key.length === 24 || key.length === 32) return
  const why = `expects a binary value with 16, 24 or 32 bytes, but got ${key.length} bytes`
  throw wrong('INVALID_PARAMETER_VALUE.AES_KEY_LENGTH', why)
}

function checkAdditional(mode: Mode, additional: Uint8Array): void {
  if (additional.length === 0 || mode === 'GCM') return
  throw wrong('UNSUPPORTED_FEATURE.AES_MODE_AAD', `AES-${mode} does not support additional authenticate data (AAD)`)
}

function wrong(errorClass: string, text: string): Error {
  return new Error(`[${errorClass}] ${text}`)
}
