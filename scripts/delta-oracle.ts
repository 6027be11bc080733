import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { peerPython } from '../bench/harness/cache.ts'

/** A version of a table, as a reader says it. */
export interface TableSaid {
  readonly version: number
  readonly columns: readonly string[]
  /** Paths with sizes in bytes. */
  readonly files: readonly (readonly [path: string, size: number])[]
}

/** Asks deltalake what it reads of tables, one process for all of them; `scripts/delta-oracle.py` answers. */
export async function deltaOracle() {
  const child = spawn(await peerPython('deltalake'), [join(import.meta.dirname, 'delta-oracle.py')], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    /** Undefined when deltalake refuses the table. */
    async asks(folder: string): Promise<TableSaid | undefined> {
      child.stdin.write(`${folder}\n`)
      const { value, done } = await lines.next()
      if (done) throw new Error(`deltalake died reading ${folder}`)
      const said = JSON.parse(value) as TableSaid | { readonly error: string }
      return 'error' in said ? undefined : said
    },
    difference(ours: TableSaid, theirs: TableSaid): string | undefined {
      for (const what of ['version', 'columns', 'files'] as const) {
        const [a, b] = [
          what === 'files' ? inOrder(ours.files) : ours[what],
          // A file that a damaged checkpoint names twice is still one (Delta protocol, "Action Reconciliation"); deltalake
          // reads it twice.
          what === 'files' ? [...new Set(inOrder(theirs.files))] : theirs[what],
        ].map((said) => JSON.stringify(said))
        if (a !== b) return `${what}: ours ${a}, deltalake ${b}`
      }
      return undefined
    },
    [Symbol.dispose]() {
      child.kill()
    },
  }
}

function inOrder(files: TableSaid['files']): readonly string[] {
  return files.map(([path, size]) => `${decoded(path)} ${size}`).sort()
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
