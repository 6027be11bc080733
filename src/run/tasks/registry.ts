import checkpoint from './checkpoint.ts'
import dbt from './dbt.ts'
import frame from './frame.ts'
import ingest from './ingest.ts'
import run from './run.ts'
import sql from './sql.ts'
import validate from './validate.ts'

/** The kinds of task, by the name of their method in the builder. */
export const taskKinds = { checkpoint, dbt, frame, ingest, run, sql, validate } as const
