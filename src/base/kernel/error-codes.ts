/**
 * Every code a `MillraceError` can carry, with what it means. Codes are part of the public
 * interface: programs match on them, so a code is never renamed or given another meaning.
 * The reference page `docs/reference/errors.md` is generated from this list.
 */
export const ERROR_CODES = {
  // kernel
  INTERNAL: 'Millrace broke one of its own rules; please report it.',
  OPTION_INVALID: 'An option has a value that is not allowed.',
  OPTION_MISSING: 'A required option is missing.',
  OPTION_UNKNOWN: 'An option with this name does not exist.',
  DURATION_INVALID: 'A duration is not written as a number and a unit.',
  TYPE_INVALID: 'A type name cannot be read.',
  TYPE_UNSUPPORTED: 'A type cannot be represented in the target system without loss.',
  DEPENDENCY_MISSING: 'An optional package that this feature needs is not installed.',
  NODE_TOO_OLD: 'This Node.js is older than Millrace supports.',
  CANCELLED: 'The work was cancelled.',
  TIMEOUT: 'The work took longer than its time-out.',
  // sql
  SQL_VALUE_UNSUPPORTED: 'A JavaScript value has no SQL form.',
  SQL_IDENTIFIER_INVALID: 'A name cannot be quoted.',
  // jinja
  JINJA_SYNTAX: 'A template cannot be parsed.',
  JINJA_UNDEFINED: 'A template uses a name or an attribute that is not defined.',
  JINJA_TYPE: 'A template applies an operation to a value of the wrong type.',
  JINJA_RUNTIME: 'A template raised an error while it was rendered.',
  // store
  STORE_NOT_FOUND: 'A file or object does not exist.',
  STORE_UNSUPPORTED: 'A storage address names a scheme or an operation that this store does not have.',
  STORE_FULL: 'The disk or the bucket has no room left.',
  STORE_DENIED: 'Access to a file or object was denied.',
  STORE_FAILED: 'The disk or the service behind a store failed.',
  STORE_PATH_ESCAPE: 'A path leads outside the folder it must stay in.',
  // postgres
  CONNECTION_FAILED: 'A server cannot be reached, or does not take connections at the moment.',
  CONNECTION_DENIED: 'A server does not let this user in, or its certificate is not trusted.',
  CONNECTION_LOST: 'The connection to a server ended in mid-work.',
  // state
  STATE_BUSY: 'The metadata database is locked by another process.',
  STATE_SCHEMA_NEWER: 'The metadata database was written by a newer Millrace.',
  STATE_CORRUPT: 'The metadata database cannot be read.',
  STATE_CLOSED: 'The metadata database was used after it was closed.',
  STATE_LEASE_LOST: 'Another process took over the right to do this work.',
  STATE_CONSTRAINT: 'A row breaks a constraint of the metadata database.',
  STATE_OUTCOME_UNKNOWN: 'The connection ended while a write of the metadata database was being committed.',
  // notify
  NOTIFY_FAILED: 'A message could not be delivered.',
  // project
  PROJECT_NOT_FOUND: 'No millrace.yml was found here or in a parent folder.',
  PROJECT_INVALID: 'A project file is not valid.',
  TARGET_UNKNOWN: 'The project has no target with this name.',
  CONNECTION_UNKNOWN: 'The project has no connection with this name.',
  SECRET_MISSING: 'A secret or environment variable that the project names is not set.',
  // table
  TABLE_NOT_FOUND: 'There is no table at this place.',
  TABLE_EXISTS: 'A table already exists at this place.',
  DELTA_LOG_CORRUPT: 'A Delta log is broken or incomplete.',
  DELTA_FEATURE_UNSUPPORTED: 'A Delta table needs a protocol feature that is not supported.',
  DELTA_COMMIT_CONFLICT: 'Another writer changed the table in a way this commit cannot be rebased over.',
  DELTA_VERSION_NOT_FOUND: 'A Delta table has no such version, or its log has been cleaned up.',
  DELTA_SCHEMA_MISMATCH: 'Rows do not have the schema of the table they are written to.',
  DELTA_APPEND_ONLY: 'A Delta table allows no change but appends.',
  DELTA_CONSTRAINT_VIOLATED: 'A row breaks a rule of the Delta table that it is written to.',
  DELTA_EXPRESSION_UNSUPPORTED: 'An expression of a Delta table, or for one, cannot be translated for the engine.',
  DELTA_MERGE_AMBIGUOUS: 'Several rows of the source of a merge match one row of the table.',
  DELTA_PARTITION_OUTSIDE: 'An overwrite of given partitions holds rows of other partitions.',
  // engine
  ENGINE_UNKNOWN: 'No engine has this name.',
  ENGINE_SQL: 'The engine refused a statement.',
  ENGINE_CLOSED: 'The connection to the engine was closed.',
  ENGINE_BUSY: 'A connection is asked for a second thing while it still does the first.',
  ENGINE_UNSUPPORTED: 'The engine cannot do this.',
  ENGINE_OUT_OF_MEMORY: 'The engine ran out of memory.',
  VALUE_OUT_OF_RANGE: 'A value does not fit the type it is moved to.',
  DATABASE_LOCKED: 'Another program has the database file open.',
  OWNER_LOST: 'The process that owns the database file went away.',
  EXTENSION_MISSING: 'A DuckDB extension is not at hand.',
  // catalog
  DATASET_UNKNOWN: 'No dataset has this name.',
  DATASET_NAME_INVALID: 'A dataset name is not database.schema.table, a path or a topic.',
  // connect
  SOURCE_UNKNOWN: 'No source has this name.',
  SOURCE_KIND_UNKNOWN: 'No kind of source has this name.',
  SOURCE_INVALID: 'A source file is not valid.',
  SOURCE_EMPTY: 'A source matches no file.',
  SOURCE_MALFORMED: 'A file of a source cannot be read.',
  SOURCE_REFUSED: 'A database refused to read a table or a query of a source.',
  // frame
  FRAME_PLAN_INVALID: 'A frame has a plan that cannot be carried out.',
  FRAME_UDF_FAILED: 'A function of the user that a frame calls has thrown, or gave what is not of its type.',
  FRAME_VIEW_EXISTS: 'A temporary view of this name exists already.',
  FRAME_VALUE:
    'A value that a frame computes with cannot be computed with: it overflows, divides by zero or is no such number.',
  COLUMN_UNKNOWN: 'A column does not exist.',
  COLUMN_AMBIGUOUS: 'A column name stands for more than one column.',
  COLUMN_TYPE: 'A column has the wrong type for this operation.',
  WRITE_EXISTS: 'The place to write to already holds data.',
  WRITE_PARTITION_OUTSIDE: 'A run wrote rows of another partition than its own.',
  FUNCTION_UNKNOWN: 'No function has this name.',
  // ingest
  INGEST_SCHEMA_CHANGED: 'A source no longer has the schema of the table it is loaded into.',
  INGEST_CURSOR_MISSING: 'The cursor column of an incremental load does not exist.',
  INGEST_TOO_MANY_REJECTS: 'More rows were rejected than the source allows.',
  INGEST_FILE_CHANGED: 'A file that was loaded has been changed since, and the source does not say what that means.',
  INGEST_STATE_LOST: 'A table and the record of what was loaded into it do not belong together.',
  INGEST_BUSY: 'Another process is loading the same table.',
  // model
  MODEL_INVALID: 'A model or its configuration is not valid.',
  REF_NOT_FOUND: 'A model refers to a node that does not exist.',
  SOURCE_NOT_FOUND: 'A model refers to a source that is not declared.',
  MODEL_CYCLE: 'Models refer to each other in a circle.',
  MODEL_DUPLICATE: 'Two nodes have the same name.',
  MODEL_SCHEMA_CHANGED: 'An incremental model no longer has the columns of its table.',
  MODEL_FAILED: 'A model failed in the engine.',
  MODEL_TEST_FAILED: 'A data test found rows it should not have found.',
  SELECTOR_INVALID: 'A selection cannot be read.',
  // quality
  SUITE_NOT_FOUND: 'No suite has this name.',
  SUITE_INVALID: 'A suite file is not valid.',
  EXPECTATION_UNKNOWN: 'No expectation has this name.',
  EXPECTATION_INVALID: 'An expectation has wrong or missing arguments.',
  VALIDATION_FAILED: 'The data did not meet its expectations.',
  CHECKPOINT_UNKNOWN: 'No checkpoint has this name.',
  GX_PROJECT_INVALID: 'A Great Expectations project cannot be read.',
  BATCH_NOT_FOUND: 'A batch definition finds no data.',
  // pipeline
  PIPELINE_UNKNOWN: 'No pipeline has this name.',
  PIPELINE_INVALID: 'A pipeline is not valid.',
  PIPELINE_CYCLE: 'Tasks depend on each other in a circle.',
  PIPELINE_FILE: 'A pipeline file cannot be evaluated.',
  INTERVAL_INVALID: 'A day or an interval is not one that the pipeline runs.',
  TASK_UNKNOWN: 'The pipeline has no task with this name.',
  TASK_DUPLICATE: 'Two tasks have the same id.',
  TASK_FAILED: 'A task failed.',
  TASK_OUTPUT_INVALID: 'A function of a task returned something that its kind cannot use.',
  RUN_IN_PROGRESS: 'The same interval of the pipeline is being run by another process.',
  RUN_FAILED: 'A run ended with failed tasks.',
  RUN_UNKNOWN: 'There is no run with this id.',
  RUN_DEPENDS_ON_PAST: 'A run waits for the success of the run before it.',
  UPSTREAM_MISSING: 'A task needs the output of a task that has not run for this interval.',
  TEMPLATE_VALUE: 'A placeholder in SQL or in a path cannot be bound to a value.',
  FUNCTION_CHANGED: 'The code a run started with is no longer at hand.',
  // app
  USAGE: 'The command line cannot be understood.',
  FOLDER_NOT_EMPTY: 'The folder already holds files.',
} as const

/** A code of a `MillraceError`. */
export type ErrorCode = keyof typeof ERROR_CODES
