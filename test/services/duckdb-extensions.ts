import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where scripts/services/install-duckdb-extension.sh puts extensions, as DuckDB's `extension_directory`. */
export const extensionDirectory = join(
  process.env.MILLRACE_CACHE ?? join(homedir(), '.cache/millrace'),
  'duckdb-extensions',
)

/** Whether an extension is there; tests that need it are skipped without. */
export function hasExtension(name: string): boolean {
  if (!existsSync(extensionDirectory)) return false
  return readdirSync(extensionDirectory, { recursive: true }).some((file) =>
    String(file).endsWith(`/${name}.duckdb_extension`),
  )
}

/** Belongs into the name of such tests, so that a skipped one says how it is enabled. */
export const extensionHint = (name: string) => `enable: scripts/services/install-duckdb-extension.sh ${name}`
