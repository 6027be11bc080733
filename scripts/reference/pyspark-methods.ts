// What of PySpark's classes is not here or differs. What is here is read from the code; pyspark.ts compares.
import * as frames from '../../src/data/frame/index.ts'

/** What has to be said of a class's names. */
export interface ClassNotes {
  /** Names that are not PySpark's in camelCase; behind the name may stand how it is called. */
  readonly renamed?: Readonly<Record<string, string>>
  /** Names that are here with a difference, and which. */
  readonly differs: Readonly<Record<string, string>>
  /** Of the names that are not here those that are methods all the same, which say so when they are called. */
  readonly refused?: readonly string[]
  /** Names that are not here, and why. */
  readonly absent: Readonly<Record<string, string>>
}

const PANDAS = 'Hands rows to pandas; `toArrow()` and `collect()` give them to the program.'
const PANDAS_GROUPS = 'Hands groups to pandas or Arrow; `udaf` takes a function of TypeScript over the rows of a group.'
const ARROW_ROWS = 'Hands Arrow to Python; `vectorUdf` takes a function of TypeScript over chunks of columns.'
const STREAMS = 'Streams are not here yet.'
const STATE = 'State of a stream; streams are not here yet.'
const SERVER = 'Of the operations of a Spark server.'
const FORMAT = 'No engine here reads or writes this format.'
const DATABASES = 'The project names its databases as connections in `millrace.yml`.'
const OWN_TABLES = 'A write makes a table; the engine or the project that has it does the rest.'
const OTHER_ROWS = 'Other rows than those of Spark for the same seed.'
const EXACT_QUANTILE = 'Exact, whatever error is allowed; a promise.'
const EXACT_FREQUENT = 'Exact: Spark may add values that come less often, and null.'
const PROMISE = 'A method that gives a promise.'

function each(reason: string, names: string): Record<string, string> {
  return Object.fromEntries(
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, reason]),
  )
}

/** PySpark's classes: where their names live here, in a few words, and what must be said about them. */
export const CLASSES: Readonly<Record<string, ClassNotes & { readonly home: object; readonly is: string }>> = {
  DataFrame: {
    home: frames.Frame.prototype,
    is: 'Here a `Frame`: an immutable plan; only actions compute, and they give promises.',
    renamed: { '[]': "col('name')", '.': "col('name')" },
    differs: {
      ...each(PROMISE, 'columns dtypes schema'),
      ...each(
        'A hint: an engine of one machine needs none, and the rows are the same.',
        'coalesce hint repartition repartitionById repartitionByRange',
      ),
      foreachPartition: 'Once, with an async iterator: there is one partition.',
      checkpoint: 'Gives a promise; the rows are kept in files of a temporary folder.',
      localCheckpoint: 'The same as `checkpoint`.',
      cache: 'The rows are kept in files of a temporary folder, until `unpersist` or the end of the program.',
      explain: 'Prints the plan as a tree and the SQL that it becomes.',
      randomSplit: 'The rows are chosen by a hash of their values, not by the sequence of Spark.',
      ...each('A promise of the number.', 'corr cov'),
      approxQuantile: EXACT_QUANTILE,
      dropDuplicatesWithinWatermark: 'Stands in the plan for streams; a batch refuses it, as in Spark.',
      freqItems: EXACT_FREQUENT,
      groupby: 'The same as `groupBy`.',
      inputFiles: 'A promise; of files that are read by their paths, not those of Delta tables.',
      nearestByJoin: 'All rows are compared, also in the mode `approx`.',
      persist: 'The rows are kept in files of a temporary folder, whatever level is named.',
      sample: OTHER_ROWS,
      sampleBy: OTHER_ROWS,
      semanticHash: 'A text, and not the number of Spark.',
      storageLevel: 'The level that `persist` named.',
      withWatermark:
        'Stands in the plan for streams; a batch computes the same rows without it, as in Spark, but checks the column.',
      sortWithinPartitions: 'The same as `orderBy`: there is one partition.',
      toArrow: 'An Arrow IPC stream as bytes.',
      toJSON: 'The plan, for `JSON.stringify`; rows as JSON text are `select(toJson(struct("*")).as("value"))`.',
      toLocalIterator: 'An async iterator, chunk by chunk with bounded memory.',
    },
    absent: {
      ...each(PANDAS, 'pandas_api plot toPandas mapInPandas'),
      ...each(STREAMS, 'isStreaming writeStream'),
      executionInfo: 'Of Spark Connect only.',
      asTable: 'An argument of table functions written in Python, which are not here.',
      isLocal: 'Every action computes in the engine.',
      mapInArrow: ARROW_ROWS,
      mergeInto: 'Tables are merged by the engine or the table format that has them.',
      metadataColumn: 'No engine here hides columns of metadata.',
      observe: 'Metrics of rows that pass by; `agg` computes them from the same frame.',
      rdd: 'There are no RDDs.',
      registerTempTable: 'Deprecated in Spark: `createOrReplaceTempView`.',
      sparkSession: 'A frame has no session; an action runs in that of `withSession`.',
    },
  },
  Column: {
    home: frames.Column.prototype,
    is: 'Here a `Column`; operators are methods.',
    renamed: {
      '+': 'plus(b)', '-': 'minus(b)', '*': 'multiply(b)', '/': 'divide(b)',
      '%': 'mod(b)', '**': 'pow(b)', '-a': 'neg()', '&': 'and(b)', '|': 'or(b)', '~': 'not()', '==': 'eq(b)', '!=': 'ne(b)', '<': 'lt(b)',
      '<=': 'le(b)', '>': 'gt(b)', '>=': 'ge(b)', '[]': 'getItem(key)', '.': "getField('name')",
    }, // biome-ignore format: a table
    differs: {},
    absent: {},
  },
  GroupedData: {
    home: frames.GroupedFrame.prototype,
    is: 'Here a `GroupedFrame`.',
    differs: {},
    absent: {
      ...each(STATE, 'applyInPandasWithState transformWithState transformWithStateInPandas'),
      ...each(PANDAS_GROUPS, 'apply applyInArrow applyInPandas cogroup'),
    },
  },
  Window: {
    home: frames.Window,
    is: 'Here `Window`.',
    differs: {},
    absent: {},
  },
  WindowSpec: { home: frames.WindowSpec.prototype, is: 'Here a `WindowSpec`.', differs: {}, absent: {} },
  DataFrameReader: {
    home: frames.FrameReader.prototype,
    is: 'Here a `FrameReader`, and `read` starts one.',
    differs: {},
    absent: {
      ...each(FORMAT, 'orc xml'),
      changes: 'No table here tells its changes through a reader.',
      jdbc: 'There is no JDBC; a source of the project loads from a database, or the engine is one.',
    },
  },
  DataFrameWriter: {
    home: frames.FrameWriter.prototype,
    is: 'Here a `FrameWriter`, of `frame.write`.',
    differs: {
      insertInto: 'Columns are matched by name, not by place.',
    },
    refused: ['bucketBy', 'sortBy'],
    absent: {
      ...each(FORMAT, 'orc xml'),
      bucketBy: 'No engine here reads buckets, and a call is refused; `partitionBy` makes folders.',
      clusterBy: 'No engine here clusters what it writes; `orderBy` before the write puts like rows together.',
      sortBy: 'Sorts buckets, which are not here, and a call is refused; `orderBy` before the write sorts the rows.',
      jdbc: 'There is no JDBC; `saveAsTable` writes to a table of the engine.',
    },
  },
  DataFrameWriterV2: {
    home: frames.FrameWriterV2.prototype,
    is: 'Here a `FrameWriterV2`, of `frame.writeTo(table)`.',
    differs: {
      overwritePartitions: 'With `partitionOverwriteMode` `dynamic`, for tables that have partitions.',
      partitionedBy: 'Takes names of columns.',
    },
    absent: {
      clusterBy: 'No engine here clusters what it writes; `orderBy` before the write puts like rows together.',
      overwrite: 'No table here replaces rows by a condition; `overwritePartitions` replaces partitions.',
      tableProperty: 'Options of the format are given with `option`.',
    },
  },
  DataFrameNaFunctions: {
    home: frames.FrameNaFunctions.prototype,
    is: 'Here `frame.na`.',
    differs: {},
    absent: {},
  },
  DataFrameStatFunctions: {
    home: frames.FrameStatFunctions.prototype,
    is: 'Here `frame.stat`.',
    differs: {
      ...each('A promise of the number.', 'corr cov'),
      approxQuantile: EXACT_QUANTILE,
      freqItems: EXACT_FREQUENT,
      sampleBy: OTHER_ROWS,
    },
    absent: {},
  },
  SparkSession: {
    home: frames,
    is: 'There is no such object: what makes frames are functions of `millrace/frame`.',
    renamed: { udf: 'udf', active: 'currentSession', getActiveSession: 'currentSession' },
    differs: {
      sql: 'The text is SQL of the engine; values are bound as `:name` or `?`, frames are named as `{name}`.',
      catalog: 'Of temporary views and tables, see below.',
      tvf: 'See below.',
      udf: 'Makes a function of columns; it has no name in SQL.',
      version: 'The version of Millrace, as a column.',
      ...each('A promise of the engine and places that actions use; `withSession` sets it.', 'active getActiveSession'),
    },
    absent: {
      ...each(STREAMS, 'readStream streams'),
      ...each(
        SERVER,
        `addTag clearProgressHandlers clearTags getTags interruptAll interruptOperation interruptTag
        registerProgressHandler removeProgressHandler removeTag`,
      ),
      ...each('Sends files to a Spark server, which is not there.', 'addArtifact addArtifacts copyFromLocalToFs'),
      ...each(
        '`frameSession({ engine })` makes a session, and it ends with its engine.',
        'Builder builder newSession stop',
      ),
      client: 'Of Spark Connect only.',
      conf: 'Options are given to the engine, the reader or the writer.',
      dataSource: 'Sources are written as plug-ins of the project.',
      profile: 'Profiles Python functions.',
      sparkContext: 'There are no RDDs.',
      udtf: 'There are no table functions of the program; a function of a frame is one (`transform`).',
    },
  },
  Catalog: {
    home: frames.catalog,
    is: 'Here `catalog`.',
    differs: {
      ...each('Of temporary views only.', 'cacheTable isCached listViews uncacheTable'),
      ...each('A promise.', 'clearCache listColumns tableExists'),
    },
    absent: {
      ...each(
        DATABASES,
        `createDatabase currentCatalog currentDatabase databaseExists dropDatabase getDatabase listCatalogs listDatabases
        setCurrentCatalog setCurrentDatabase`,
      ),
      ...each(
        OWN_TABLES,
        `createExternalTable createTable dropTable dropView getCreateTableString getTable getTableProperties listTables
        truncateTable`,
      ),
      ...each(
        'Nothing of a table is kept between actions: each looks at what is there.',
        'analyzeTable listPartitions recoverPartitions refreshByPath refreshTable',
      ),
      ...each('Functions are values of the program.', 'functionExists getFunction listFunctions registerFunction'),
    },
  },
  TableValuedFunction: {
    home: frames.tvf,
    is: 'Here `tvf`.',
    differs: {},
    absent: {
      ...each('Frames have no variant type.', 'variant_explode variant_explode_outer'),
      ...each('Lists what Spark itself has.', 'collations python_worker_logs sql_keywords'),
    },
  },
  Row: {
    home: {},
    is: 'Rows are plain objects with the names of the columns.',
    differs: {},
    absent: {
      asDict: 'A row is such a thing already.',
      ...each('`Object.values(row)` is an array, which has such methods.', 'count index'),
    },
  },
}
