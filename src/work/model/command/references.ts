import { MillraceError } from '../../../base/kernel/index.ts'
import { deferredRelations } from '../state/defer.ts'
import { readState } from '../state/read-state.ts'
import { connectTo } from './run-node.ts'
import type { Session } from './session.ts'

/**
 * The session in which `ref()` and `source()` mean what `--defer`, `--favor-state` and `--empty` say.
 * @throws MillraceError USAGE when there is no state to defer to
 */
export async function withReferences(session: Session, selected: ReadonlySet<string>): Promise<Session> {
  const { options } = session
  const deferred = options.defer === true ? await deferral(session, selected) : undefined
  if (!deferred && options.empty !== true) return session
  return {
    ...session,
    refer: (id, relation) => {
      const meant = deferred?.get(id) ?? relation
      if (options.empty !== true) return meant
      // DuckDB needs no alias, and the user may write one.
      const alias = session.invocation.dialect.adapter === 'duckdb' ? '' : ` _dbt_limit_subq_${meant.identifier}`
      return meant.limited({ count: 0, alias })
    },
  }
}

/** What is said where nobody named a state. */
export const STATE_REQUIRED = '--state or --defer-state are required for deferral, but neither was provided'

const BUILDING = ['run', 'build', 'seed', 'snapshot', 'clone']

async function deferral(session: Session, selected: ReadonlySet<string>) {
  const { deps, options, invocation, command, manifest } = session
  const folder = options.deferState ?? options.state
  const { targetPath } = invocation.project
  const state =
    options.deferState === undefined
      ? session.previous
      : await readState(deps.dir, { folder: options.deferState, targetPath })
  if (!state?.manifest) {
    throw new MillraceError(
      'USAGE',
      `--defer: ${folder === undefined ? STATE_REQUIRED : `there is no manifest.json in ${folder}`}`,
      {
        hint: 'Name the target folder of an earlier run with --state or --defer-state.',
      },
    )
  }
  await using connection = await connectTo(deps, invocation.dialect)
  return await deferredRelations(manifest, state.manifest, {
    selected,
    builds: BUILDING.includes(command),
    favorState: options.favorState === true,
    dialect: invocation.dialect,
    connection,
  })
}
