import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench, Contestant } from '../harness/bench.ts'
import { peerPython, ROOT } from '../harness/cache.ts'
import { duck, fingerprint } from '../harness/fingerprint.ts'

/** A dbt project of so many views, each on the one before it or on none. */
async function project(folder: string, models: number): Promise<void> {
  await mkdir(join(folder, 'models'), { recursive: true })
  await writeFile(
    join(folder, 'dbt_project.yml'),
    "name: many\nversion: '1.0.0'\nconfig-version: 2\nprofile: many\nmodel-paths: [models]\n",
  )
  await writeFile(join(folder, 'millrace.yml'), 'name: many\ntargets:\n  dev: { engine: duckdb, path: many.duckdb }\n')
  await writeFile(
    join(folder, 'profiles.yml'),
    'many:\n  target: dev\n  outputs:\n    dev: { type: duckdb, path: many.duckdb, threads: 1 }\n',
  )
  for (let n = 0; n < models; n++) {
    const from = n % 10 === 0 ? '' : ` from {{ ref('m${n - 1}') }}`
    const text = `{{ config(materialized='view') }}\nselect ${n} as id${from}\n`
    await writeFile(join(folder, `models/m${n}.sql`), text)
  }
}

export default {
  name: 'dbt-500-models',
  summary: 'five hundred trivial dbt models, cold, against dbt-core with dbt-duckdb',
  async prepare(scale) {
    const models = Math.max(10, Math.round(500 * scale))
    const python = await peerPython('dbt-duckdb')
    const result = async (out: string) => {
      await duck(`attach '${out}/many.duckdb' as many (read_only)`)
      try {
        const views = "(select view_name from duckdb_views() where database_name = 'many' and not internal) as views"
        const last = await duck(`select id from many.main.m${models - 1}`)
        return `${await fingerprint(views, ['view_name'])}, the last says ${last}`
      } finally {
        await duck('detach many')
      }
    }
    const contestants: Contestant[] = [
      {
        name: 'Millrace',
        role: 'ours',
        version: 'millrace dbt run, built package',
        work: async (out) => {
          await project(out, models)
          return { command: process.execPath, args: [join(ROOT, 'bin/millrace.js'), 'dbt', 'run'], cwd: out }
        },
        result,
      },
      {
        name: 'dbt-core',
        role: 'peer',
        version: '1.12.6 with dbt-duckdb 1.11.1',
        work: async (out) => {
          await project(out, models)
          const env = { DBT_PROFILES_DIR: out, DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' }
          return { command: join(python, '../dbt'), args: ['--quiet', 'run'], cwd: out, env }
        },
        result,
      },
    ]
    return { data: `${models} views in chains of ten; an empty target folder each time.`, contestants, targets: [] }
  },
} satisfies Bench
