import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { asMillraceError } from '../../../base/kernel/index.ts'
import { trusted } from '../../../base/sql/index.ts'
import { DBT_PROJECT_FILE, readDbtPaths } from '../../../work/model/index.ts'
import { type DbtPlaceOptions, dbtFolder, findDbtPlace } from './find-dbt-project.ts'
import { openDbtWorkplace } from './run-dbt-command.ts'

/** What `dbt debug` found out. */
export interface DebugFindings {
  readonly profilesFolder?: string
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[]
}

/** Checks the project, its profile and the connection; never throws for what is wrong with them. */
export async function debugDbt(
  options: DbtPlaceOptions & { readonly signal?: AbortSignal; readonly connectionOnly?: boolean },
): Promise<DebugFindings> {
  const checks: { name: string; ok: boolean; detail: string }[] = []
  let profilesFolder: string | undefined
  const check = async (name: string, work: () => Promise<string>): Promise<void> => {
    try {
      checks.push({ name, ok: true, detail: await work() })
    } catch (thrown) {
      const { code, message, hint } = asMillraceError(thrown)
      checks.push({ name, ok: false, detail: `${code}: ${message}${hint ? ` ${hint}` : ''}` })
    }
  }
  const place = findDbtPlace(options)
  if (place.kind === 'profile') {
    await check('profiles.yml file', async () => {
      const profile = await place.profile()
      profilesFolder = dirname(profile.file)
      return 'found and valid'
    })
  }
  if (options.connectionOnly !== true) {
    await check(`${DBT_PROJECT_FILE} file`, async () => {
      const dir = dbtFolder(options)
      await readDbtPaths(dir, { environment: process.env, vars: options.vars ?? {} })
      return existsSync(join(dir, DBT_PROJECT_FILE)) ? 'found and valid' : 'not found'
    })
  }
  await check('Connection test:', async () => {
    await using workplace = await openDbtWorkplace(options)
    await using connection = await workplace.deps.connect()
    await connection.rows(trusted('select 1 as id'))
    return 'connection ok'
  })
  return { checks, ...(profilesFolder === undefined ? {} : { profilesFolder }) }
}
