import type { Field } from '../../../../base/kernel/index.ts'
import { id, join, type Sql, sql } from '../../../../base/sql/index.ts'
import type { WrittenFile } from '../../parquet-port.ts'
import type { CdcFile } from '../actions.ts'
import { addFile } from '../add-file.ts'
import { fileShape } from '../maintain/file-shape.ts'
import { writeFiles } from '../write-files.ts'
import { CHANGE_TYPE, formerRows } from './changed-rows.ts'
import type { ChangeOptions } from './changing-connection.ts'
import type { RowWork } from './row-work.ts'
import { rowsOf } from './target-rows.ts'

/** The folder of change files in the table's (Delta protocol, "Change Data Files"). */
const FOLDER = '_change_data'

/** A change file, as it was written and as the log names it. */
export interface ChangeFile {
  readonly file: WrittenFile
  readonly action: CdcFile
}

/**
 * Writes the rows that were changed, each with what became of it.
 * @param touched the files that held them
 * @param written the rows that go into new files, with `CHANGE_TYPE`; none when nothing was written
 */
export async function writeChangeFiles(
  work: RowWork,
  touched: readonly number[],
  written: Sql | undefined,
  options: ChangeOptions,
): Promise<ChangeFile[]> {
  const { base, table } = work.target
  const columns = join([...work.schema.fields.map(({ name }) => id(name)), id(CHANGE_TYPE)])
  const parts = [
    ...(touched.length > 0 ? [formerRows(work, await rowsOf(work.target, touched, options))] : []),
    ...(written ? [sql`select ${columns} from ${written} where ${id(CHANGE_TYPE)} is not null`] : []),
  ]
  if (parts.length === 0) return []
  const type: Field = {
    name: CHANGE_TYPE,
    type: { kind: 'string' },
    nullable: true,
    // In a table that maps its columns this one is called what it is, and has no field id.
    metadata: { 'delta.columnMapping.physicalName': CHANGE_TYPE },
  }
  const shape = fileShape(base, { fields: [...work.schema.fields.map(optional), type] })
  const files = await writeFiles(table.log, join(parts, ' union all '), shape, { ...options, folder: FOLDER })
  return files.map((file) => {
    const { path, partitionValues, size } = addFile(file, shape, 0)
    return { file, action: { path, partitionValues, size, dataChange: false } }
  })
}

/** Rows of before a column was added have null in it. */
function optional(field: Field): Field {
  return { ...field, nullable: true }
}
