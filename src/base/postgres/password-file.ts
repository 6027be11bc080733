import { readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * The password that `~/.pgpass` (or the file of `PGPASSFILE`) has for a connection (libpq, "The Password File"):
 * lines `host:port:database:user:password`, `*` standing for anything, `\` before a `:` or `\`. The first that
 * fits counts. As with libpq, a file that others may read is ignored.
 */
export function passwordFromFile(
  wanted: { readonly host: string; readonly port: number; readonly database: string; readonly user: string },
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const file = environment.PGPASSFILE || join(homedir(), '.pgpass')
  let content: string
  try {
    const { mode } = statSync(file)
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) return undefined
    content = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  // libpq looks a Unix socket up as localhost.
  const host = wanted.host.startsWith('/') ? 'localhost' : wanted.host
  const keys = [host, String(wanted.port), wanted.database, wanted.user]
  for (const line of content.split(/\r?\n/)) {
    if (line.startsWith('#')) continue
    const fields = line.match(/(?:\\.|[^:\\])*(?::|$)/g)?.map((field) => field.replace(/:$/, '')) ?? []
    if (fields.length < 5) continue
    if (keys.every((key, index) => fields[index] === '*' || unescaped(fields[index] ?? '') === key)) {
      // The password is the rest of the line; a `:` in it should be escaped, but need not be.
      const before = fields.slice(0, 4).join(':').length + 1
      return unescaped(line.slice(before))
    }
  }
  return undefined
}

function unescaped(field: string): string {
  return field.replace(/\\(.)/g, '$1')
}
