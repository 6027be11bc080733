import { createRequire } from 'node:module'

/** DuckDB's Node API and the C API beneath it, from which vectors are read without an object per value. */
export interface Bindings {
  readonly api: typeof import('@duckdb/node-api')
  readonly c: typeof import('@duckdb/node-bindings')
}

let loaded: Bindings | undefined

/** Loads the native library (70 MB) at the first use, not when Millrace starts. */
export async function bindings(): Promise<Bindings> {
  if (loaded) return loaded
  const api = await import('@duckdb/node-api')
  // The C API is a dependency of the Node API's, so it is looked up from there.
  const here = createRequire(import.meta.url)
  const c = createRequire(here.resolve('@duckdb/node-api'))('@duckdb/node-bindings') as Bindings['c']
  loaded = { api, c }
  return loaded
}
