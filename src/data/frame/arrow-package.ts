import { createRequire } from 'node:module'
import { zstdDecompressSync } from 'node:zlib'
import { MillraceError, optional } from '../../base/kernel/index.ts'
import { unpackLz4 } from './read/lz4-frame.ts'

type Arrow = typeof import('apache-arrow')

/** The package apache-arrow, able to read what is packed. @throws MillraceError DEPENDENCY_MISSING */
export async function arrowPackage(purpose: string): Promise<Arrow> {
  const arrow = await optional<Arrow>('apache-arrow', purpose)
  const { CompressionType, compressionRegistry } = arrow
  // A program may have set its own.
  if (!compressionRegistry.get(CompressionType.LZ4_FRAME)?.decode)
    compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: (packed) => unpackLz4(packed) })
  if (!compressionRegistry.get(CompressionType.ZSTD)?.decode)
    // A copy: numbers are read in place, and must begin at a multiple of their width.
    compressionRegistry.set(CompressionType.ZSTD, { decode: (packed) => new Uint8Array(zstdDecompressSync(packed)) })
  return arrow
}

/**
 * A table of apache-arrow, or bytes of Arrow, as IPC bytes; undefined for anything else.
 * @throws MillraceError COLUMN_TYPE for a table of another copy of the package
 */
export function arrowBytes(given: unknown): Uint8Array | undefined {
  if (given instanceof Uint8Array) return given
  if (given instanceof ArrayBuffer) return new Uint8Array(given)
  if (!isTable(given)) return undefined
  const made = packageOf(given)
  if (made) return made.tableToIPC(given as never, 'stream')
  throw new MillraceError('COLUMN_TYPE', 'the table is of another copy of the package apache-arrow', {
    hint: 'Give its bytes: createDataFrame(tableToIPC(table)), with tableToIPC of that copy.',
  })
}

/** The copy of the package that made a table: a program has one for `import`, and one for `require`. */
function packageOf(table: object): Arrow | undefined {
  const load = createRequire(import.meta.url)
  let required: string
  try {
    required = load.resolve('apache-arrow')
  } catch {
    return undefined
  }
  const copies = [required.replace(/\.c?js$/, '.mjs'), required]
  return copies.map((file) => load(file) as Arrow).find(({ Table }) => table.constructor === Table)
}

function isTable(given: unknown): given is object {
  const { schema, batches } = (given ?? {}) as { schema?: { fields?: unknown }; batches?: unknown }
  return Array.isArray(batches) && Array.isArray(schema?.fields)
}
