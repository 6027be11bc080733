import { MillraceError } from '../../../base/kernel/index.ts'
import { openStore } from '../../../base/store/index.ts'
import type { FilePlugin } from './file-plugin.ts'

/** Tables of Delta Lake: `delta_table_path`, and `as_of_version` or `as_of_datetime`. Storage is found by the environment. */
export const delta: FilePlugin = {
  materialization: 'view',
  load: async ({ name, file, settings }, { connection, dir }) => {
    const refuse = (what: string, hint: string) =>
      new MillraceError('MODEL_INVALID', `the source ${name} of the plugin delta ${what}`, { at: { file }, hint })
    const path = settings['delta_table_path']
    if (typeof path !== 'string') {
      throw refuse(
        'has no delta_table_path',
        'Name the table: meta: { plugin: delta, delta_table_path: "lake/orders" }.',
      )
    }
    if (settings['storage_options'] !== undefined) {
      throw refuse('has storage_options', 'Credentials are taken from the environment: AWS_…, AZURE_… and so on.')
    }
    // The room of tables is large, and few projects need it.
    const { DeltaTable, parseMoment } = await import('../../../data/table/index.ts')
    const version = settings['as_of_version'] ?? undefined
    if (version !== undefined && !Number.isSafeInteger(Number(version))) {
      throw refuse(`says as_of_version: ${JSON.stringify(version)}`, 'A version is a whole number from 0.')
    }
    const moment = settings['as_of_datetime'] ?? undefined
    const timestamp = moment === undefined ? undefined : parseMoment(String(moment))
    if (moment !== undefined && timestamp === undefined) {
      throw refuse(`says as_of_datetime: ${JSON.stringify(moment)}`, 'Write it in UTC: "2024-01-31 08:00:00".')
    }
    const { files } = connection.engine
    if (!files) throw refuse('cannot be read', 'Tables of Delta are read with DuckDB.')
    const table = await DeltaTable.open(openStore(path, { base: dir }), '', {
      parquet: files,
      ...(version === undefined ? {} : { version: Number(version) }),
      ...(timestamp === undefined ? {} : { timestamp: new Date(timestamp) }),
    })
    return table.relation()
  },
}
