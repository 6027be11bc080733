// What of pyspark.sql.functions frames have not, or have with a difference; the parity table of the docs is made of it.

const SKETCH = 'A sketch in the binary form of Apache DataSketches, which no engine here reads or writes.'
const VARIANT = 'Frames have no variant type; fromJson and getJsonObject take JSON apart.'
const XML = 'No engine here reads XML.'
const GEO = 'Frames have no geometry types.'
const TIME = 'Of the type of a time of day, which Spark 4.2 itself refuses unless it is switched on as a preview.'
const PYTHON_UDF = 'Of the Python process; udf, vectorUdf and udaf take functions of TypeScript.'
const TABLE_FUNCTION = 'Frames have no table functions of the program; a function of a frame is one (`transform`).'
const PYTHON_CLASS = 'A class of the Python process, no function of columns.'
const PARTITION = 'A partition transform of a table format, for `writeTo` only; partitionBy takes columns.'
const JAVA = 'Calls a method of the Java virtual machine, which is not there.'
const SESSION = 'Names a setting of a Spark session; a frame has no session until it runs.'
const BLOCK = 'Files are not read in blocks here; `inputFileName` tells the file.'

function each(reason: string, names: string): [name: string, reason: string][] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => [name, reason])
}

/** PySpark's functions that frames do not offer, by PySpark's names, and why not. */
export const NOT_OFFERED: Readonly<Record<string, string>> = Object.fromEntries([
  ...each(
    SKETCH,
    `count_min_sketch hll_sketch_agg hll_sketch_estimate hll_union hll_union_agg
    kll_merge_agg_bigint kll_merge_agg_double kll_merge_agg_float kll_sketch_agg_bigint kll_sketch_agg_double
    kll_sketch_agg_float kll_sketch_get_n_bigint kll_sketch_get_n_double kll_sketch_get_n_float
    kll_sketch_get_quantile_bigint kll_sketch_get_quantile_double kll_sketch_get_quantile_float
    kll_sketch_get_rank_bigint kll_sketch_get_rank_double kll_sketch_get_rank_float kll_sketch_merge_bigint
    kll_sketch_merge_double kll_sketch_merge_float kll_sketch_to_string_bigint kll_sketch_to_string_double
    kll_sketch_to_string_float theta_difference theta_intersection theta_intersection_agg theta_sketch_agg
    theta_sketch_estimate theta_union theta_union_agg tuple_difference_double tuple_difference_integer
    tuple_difference_theta_double tuple_difference_theta_integer tuple_intersection_agg_double
    tuple_intersection_agg_integer tuple_intersection_double tuple_intersection_integer
    tuple_intersection_theta_double tuple_intersection_theta_integer tuple_sketch_agg_double
    tuple_sketch_agg_integer tuple_sketch_estimate_double tuple_sketch_estimate_integer
    tuple_sketch_summary_double tuple_sketch_summary_integer tuple_sketch_theta_double
    tuple_sketch_theta_integer tuple_union_agg_double tuple_union_agg_integer tuple_union_double
    tuple_union_integer tuple_union_theta_double tuple_union_theta_integer`,
  ),
  ...each(
    VARIANT,
    `is_valid_variant is_variant_null parse_json schema_of_variant schema_of_variant_agg to_variant_object
    try_parse_json try_variant_get variant_get`,
  ),
  ...each(
    XML,
    `from_xml schema_of_xml to_xml xpath xpath_boolean xpath_double xpath_float xpath_int xpath_long xpath_number
    xpath_short xpath_string`,
  ),
  ...each(GEO, 'st_asbinary st_geogfromwkb st_geomfromwkb st_setsrid st_srid'),
  ...each(
    TIME,
    `current_time make_time time_diff time_from_micros time_from_millis time_from_seconds time_to_micros
    time_to_millis time_to_seconds time_trunc to_time try_to_time`,
  ),
  ...each('Nothing is registered by a name: what udf() gives is called.', 'call_udf'),
  ...each(PYTHON_UDF, 'arrow_udf pandas_udf unwrap_udt'),
  ...each(TABLE_FUNCTION, 'arrow_udtf udtf'),
  ...each(
    PYTHON_CLASS,
    `AnalyzeArgument AnalyzeResult ArrowUDFType OrderingColumn PandasUDFType PartitioningColumn SelectedColumn
    SkipRestOfInputTableException UserDefinedFunction UserDefinedTableFunction`,
  ),
  ...each(PARTITION, 'bucket days hours months years'),
  ...each(JAVA, 'java_method reflect try_reflect'),
  ...each(SESSION, 'current_path'),
  ...each(BLOCK, 'input_file_block_length input_file_block_start'),
])

/** PySpark's functions that frames offer with a difference, by PySpark's names, and what is different. */
export const DIFFERENCES: Readonly<Record<string, string>> = {
  version: 'The version of Millrace.',
  current_catalog: "The engine's current database.",
  current_schema: "The engine's current schema.",
  current_database: "The engine's current schema.",
  monotonically_increasing_id: 'Numbers follow each other without gaps, as of one partition.',
  spark_partition_id: 'Always 0: there is one partition.',
  collate: 'Of the collations UTF8_BINARY alone, which compares bytes.',
  collation: 'Always UTF8_BINARY.',
  sentences: 'Sentences and words by rules for languages with blanks; the language has no effect.',
  format_string: 'No arrays, maps, structs and bytes, and not the patterns %t, %h and %a.',
  printf: 'No arrays, maps, structs and bytes, and not the patterns %t, %h and %a.',
  to_char: 'The format is a constant; the column is named to_char(…) for times and bytes too.',
  to_varchar: 'The format is a constant; the column is named to_varchar(…) for times and bytes too.',
  to_binary: 'The format is a constant.',
  try_to_binary: 'The format is a constant.',
  from_json: 'Options are mode and columnNameOfCorruptRecord; of members of one name the first may count.',
  from_csv: 'Options are those of reading CSV; a function drops no rows, so not the mode DROPMALFORMED.',
  to_csv: 'No arrays, maps and structs within the struct; a null alone is an empty text, where Spark fails.',
  schema_of_json: 'The text is a constant; there are no options.',
  schema_of_csv: 'The text is a constant.',
  percentile_approx: 'Exact, whatever the accuracy; fractions are constants.',
  approx_percentile: 'Exact, whatever the accuracy; fractions are constants.',
  percentile: 'Fractions are constants.',
  broadcast: 'Gives the frame as it is: the engine chooses which side of a join it keeps in memory.',
  udf: 'Takes a function of TypeScript; the return type is required.',
  approx_count_distinct: 'Another sketch estimates: the count may differ by a few percent from the one of Spark.',
  rand: 'The seed has no effect: an engine without partitions has no order for it.',
  randn: 'The seed has no effect: an engine without partitions has no order for it.',
}
