import { sql } from '../../../base/sql/index.ts'
import { Column, named, operand } from '../column.ts'
import type { ColumnOrName } from '../column-types.ts'
import * as aes from '../native/aes.ts'
import { define, onlyDuckDb } from './define.ts'
import { takes } from './math/math-argument.ts'
import { nativeOf } from './native.ts'
import { BINARY } from './result-type.ts'

// Encryption, computed in this process. A key has 16, 24 or 32 bytes.

// What native functions give goes as text: bytes in hexadecimal digits.
const ENCRYPT = nativeOf('aes_encrypt', { kind: 'string' }, (...all: Parameters<typeof aes.aesEncrypt>) =>
  hexOf(aes.aesEncrypt(...all)),
)
const DECRYPT = nativeOf('aes_decrypt', { kind: 'string' }, (...all: Parameters<typeof aes.aesDecrypt>) =>
  hexOf(aes.aesDecrypt(...all)),
)
const TRY_DECRYPT = nativeOf('try_aes_decrypt', { kind: 'string' }, (...all: Parameters<typeof aes.tryAesDecrypt>) => {
  const found = aes.tryAesDecrypt(...all)
  return found && hexOf(found)
})

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

const NO_AES = 'It has no AES without the extension pgcrypto.'

/** How AES encrypts: each block by itself (ECB), by the one before (CBC), or so that changes are noticed (GCM). */
export type AesMode = 'GCM' | 'CBC' | 'ECB'
/** How the last block is filled: DEFAULT is PKCS for CBC and ECB, and NONE for GCM. */
export type AesPadding = 'DEFAULT' | 'PKCS' | 'NONE'

const constant = (given: string | Column) => (typeof given === 'string' ? operand(given) : named(given))
/** The arguments up to the last that was given; those before it that were not are their defaults. */
function given(
  fn: string,
  input: ColumnOrName,
  key: ColumnOrName,
  [mode, padding, ...more]: readonly (ColumnOrName | undefined)[],
): Column<Uint8Array | null, string> {
  const rest = [
    constant(mode ?? 'GCM'),
    constant(padding ?? 'DEFAULT'),
    ...more.map((one) => (one === undefined ? operand('') : named(one))),
  ]
  return new Column({ kind: 'call', fn, args: [named(input), named(key), ...rest] })
}

/**
 * Bytes encrypted by AES: GCM when no mode is said. Each call has an initialization vector of its own unless one is
 * given (12 bytes for GCM, 16 for CBC); it stands before the encrypted bytes. `additional` is authenticated with GCM.
 */
export const aesEncrypt = Object.assign(
  (
    input: ColumnOrName,
    key: ColumnOrName,
    mode?: AesMode | Column,
    padding?: AesPadding | Column,
    vector?: ColumnOrName,
    additional?: ColumnOrName,
  ) => given('aes_encrypt', input, key, [mode, padding, vector, additional]),
  {
    definition: define(
      'aes_encrypt',
      onlyDuckDb(
        takes(
          ['binary', 'binary', 'string', 'string', 'binary', 'binary'],
          // By random() the engine knows that two calls differ.
          ([input, key, mode = sql`'GCM'`, padding = sql`'DEFAULT'`, vector = sql`''::blob`, more = sql`''::blob`]) =>
            sql`unhex(${ENCRYPT.call(input, key, mode, padding, vector, more, sql`random()`)})`,
        ),
        NO_AES,
      ),
      BINARY,
      { natives: [ENCRYPT] },
    ),
  },
)

/** What `aesEncrypt` encrypted; the action fails with another key, or where bytes were changed under GCM. */
export const aesDecrypt = decrypting('aes_decrypt', DECRYPT)
/** `aesDecrypt` with null where it fails. */
export const tryAesDecrypt = decrypting('try_aes_decrypt', TRY_DECRYPT)

function decrypting(name: string, native: typeof DECRYPT) {
  const build = (
    input: ColumnOrName,
    key: ColumnOrName,
    mode?: AesMode | Column,
    padding?: AesPadding | Column,
    additional?: ColumnOrName,
  ) => given(name, input, key, [mode, padding, additional])
  return Object.assign(build, {
    definition: define(
      name,
      onlyDuckDb(
        takes(
          ['binary', 'binary', 'string', 'string', 'binary'],
          ([input, key, mode = sql`'GCM'`, padding = sql`'DEFAULT'`, more = sql`''::blob`]) =>
            sql`unhex(${native.call(input, key, mode, padding, more)})`,
        ),
        NO_AES,
      ),
      BINARY,
      { natives: [native] },
    ),
  })
}
