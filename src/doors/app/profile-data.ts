import type { Profile } from '../../work/quality/index.ts'
import { understood } from './asked-data.ts'
import { dataNamed } from './named-data.ts'
import type { Project } from './open-project.ts'

/** What to profile. */
export interface ProfileRequest {
  /** A dataset, a path, or a query that starts with `select` or `with`. */
  readonly data: string
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, of: number) => void
}

/**
 * Measures data, column by column, at one snapshot.
 * @throws MillraceError DATASET_UNKNOWN, DATASET_INVALID, QUERY_INVALID, ENGINE_SQL, CANCELLED
 */
export async function profileData(project: Project, { data, ...options }: ProfileRequest): Promise<Profile> {
  const { profileTable } = await import('../../work/quality/index.ts')
  await using named = await dataNamed(project, data, options.signal)
  await using connection = await named.engine.connect()
  await understood(connection, named.relation, { data })
  return await profileTable({ ...options, connection, relation: named.relation, dataset: data })
}
