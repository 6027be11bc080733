# Evaluates plans of frames in PySpark (ANSI mode, UTC): one JSON object a line in, {"id", "plan", "eachRow"?}; one a
# line out, {"id", "schema", "rows"} or {"id", "error"}. With eachRow a row of the plan's leaf that fails alone is
# {"error": …} in its place. Values: longs and decimals as text, times as Spark's text, binary as base64, structs as
# arrays, maps as sorted pairs. A plan may read files of the folder "dir"; with "write" ({"format", "options",
# "partitionBy"?}) the answer is {"id", "files"}: the texts of the files that were written, by their folders.
import base64, datetime, decimal, json, math, os, re, sys

os.environ['TZ'] = 'UTC'
os.environ['PYSPARK_SUBMIT_ARGS'] = (
    # Plans are small and many: compiling them thoroughly costs more than running them.
    '--driver-java-options "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC" --conf spark.sql.adaptive.enabled=false '
    '--conf spark.default.parallelism=1 --conf spark.sql.leafNodeDefaultParallelism=1 '
    # Rows of a program are no table of Spark's planner, which would compute columns that nobody asks for.
    '--conf spark.sql.optimizer.excludedRules=org.apache.spark.sql.catalyst.optimizer.ConvertToLocalRelation '
    '--conf spark.ui.enabled=false --conf spark.sql.session.timeZone=UTC --conf spark.sql.shuffle.partitions=1 '
    '--conf spark.driver.bindAddress=127.0.0.1 --conf spark.driver.host=127.0.0.1 '
    '--conf spark.sql.ansi.enabled=true --driver-memory 1500m pyspark-shell')
from pyspark.sql import DataFrame, Row, SparkSession, Window, functions as F
from pyspark.sql.types import (ArrayType, BinaryType, CalendarIntervalType, DateType, DayTimeIntervalType, MapType,
                               StructField, StructType, TimestampNTZType, TimestampType, TimeType, YearMonthIntervalType)

spark = SparkSession.builder.master('local[1]').config('spark.log.level', 'OFF').getOrCreate()
spark.sparkContext.setLogLevel('OFF')

TYPES = {'integer': 'int', 'long': 'bigint', 'byte': 'tinyint', 'short': 'smallint', 'null': 'void'}

def type_text(t):
    kind = t['kind']
    if kind == 'decimal':
        return f"decimal({t['precision']},{t['scale']})"
    if kind == 'array':
        return f"array<{type_text(t['element'])}>"
    if kind == 'map':
        return f"map<{type_text(t['key'])},{type_text(t['value'])}>"
    if kind == 'struct':
        return 'struct<' + ','.join(f"`{f['name']}`:{type_text(f['type'])}" for f in t['fields']) + '>'
    return TYPES.get(kind, kind)

def literal(value, t):
    kind = t['kind']
    if kind == 'null':
        return F.lit(None)
    if value is None:
        return F.lit(None).cast(type_text(t))
    if kind == 'array':
        return F.array(*[literal(one, t['element']) for one in value])
    if kind == 'struct':
        return F.struct(*[literal(value[f['name']], f['type']).alias(f['name']) for f in t['fields']])
    if kind == 'double':
        return F.lit(float(value))
    if kind in ('integer', 'boolean', 'string'):
        return F.lit(value)
    if kind == 'binary':
        return F.lit(bytearray(base64.b64decode(value)))
    if kind == 'decimal':
        return F.expr(f'{value}BD')
    if kind == 'long':
        return F.expr(f'{value}L' if value != '-9223372036854775808' else 'cast(-9223372036854775808BD as bigint)')
    return F.lit(str(value)).cast(type_text(t))

OPERATORS = {
    'eq': lambda a, b: a == b, 'ne': lambda a, b: a != b, 'lt': lambda a, b: a < b, 'le': lambda a, b: a <= b,
    'gt': lambda a, b: a > b, 'ge': lambda a, b: a >= b, 'eq_null_safe': lambda a, b: a.eqNullSafe(b),
    'add': lambda a, b: a + b, 'subtract': lambda a, b: a - b, 'multiply': lambda a, b: a * b,
    'divide': lambda a, b: a / b, 'mod': lambda a, b: a % b, 'and': lambda a, b: a & b, 'or': lambda a, b: a | b,
    'is_null': lambda a: a.isNull(), 'is_not_null': lambda a: a.isNotNull(), 'not': lambda a: ~a,
    'negative': lambda a: -a, 'bitwise_not': lambda a: F.bitwise_not(a), 'in': lambda a, *b: a.isin(*b),
    'like': lambda a, b: F.like(a, b), 'ilike': lambda a, b: F.ilike(a, b), 'rlike': lambda a, b: F.rlike(a, b),
    'struct': lambda *a: F.struct(*a), 'count_distinct': lambda *a: F.count_distinct(*a),
    'sum_distinct': lambda a: F.sum_distinct(a), 'bitwise_and': lambda a, b: a.bitwiseAND(b),
    'bitwise_or': lambda a, b: a.bitwiseOR(b), 'bitwise_xor': lambda a, b: a.bitwiseXOR(b),
}

VARIABLES = {}

def lambda_of(e):
    def body(*params):
        VARIABLES.update(zip(e['params'], params))
        return column(e['body'])
    names = ', '.join(e['params'])
    return eval(f'lambda {names}: body({names})', {'body': body})

def call(e):
    fn, given = e['fn'], e['args']
    if any(one['kind'] == 'lambda' for one in given):
        return getattr(F, fn)(*[lambda_of(one) if one['kind'] == 'lambda' else column(one) for one in given])
    if fn == 'with_field':
        return column(given[0]).withField(given[1]['value'], column(given[2]))
    if fn == 'drop_fields':
        return column(given[0]).dropFields(*[one['value'] for one in given[1:]])
    if fn in ('sort_array', 'array_join', 'json_tuple', 'array_sort'):
        return getattr(F, fn)(column(given[0]), *[one['value'] for one in given[1:]])
    if fn == 'count' and not given:
        return F.count(F.lit(1))
    if fn in ('get_field', 'get_item'):
        key = given[1]
        return column(given[0])[key['value'] if key['kind'] == 'literal' else column(key)]
    if fn in ('timestamp_add', 'timestamp_diff'):
        return getattr(F, fn)(given[0]['value'], *map(column, given[1:]))
    if fn == 'from_json':
        options = json.loads(given[2]['value']) if len(given) > 2 else {}
        return F.from_json(column(given[0]), given[1]['value'], options)
    if fn == 'from_csv':
        return F.from_csv(column(given[0]), given[1]['value'], json.loads(given[2]['value']) if len(given) > 2 else {})
    if fn in ('to_csv', 'schema_of_csv'):
        return getattr(F, fn)(column(given[0]), json.loads(given[1]['value']) if len(given) > 1 else {})
    if fn == 'product':
        return F.product(column(given[0]))
    if fn == 'grouping_id':
        return F.grouping_id(*map(column, given))
    if fn == 'window':
        return F.window(column(given[0]), *[one['value'] for one in given[1:]])
    args = [column(one) for one in given]
    if fn in OPERATORS:
        return OPERATORS[fn](*args)
    if fn in ('extract', 'datepart', 'date_part', 'listagg_distinct', 'string_agg_distinct'):
        return getattr(F, fn)(*args)
    try:
        return F.call_function(fn, *args)
    except Exception:
        return getattr(F, fn)(*args)

def sort_key(e):
    if e['kind'] != 'sort':
        return column(e).asc_nulls_first()
    of = column(e['arg'])
    name = f"{'desc' if e['descending'] else 'asc'}_nulls_{'first' if e['nullsFirst'] else 'last'}"
    return getattr(of, name)()

BOUND = {'rows': 'rowsBetween', 'range': 'rangeBetween'}

def span(offset, side):
    """A bound of a window in values as SQL; a length of time may go back."""
    if offset is None:
        return f'unbounded {side}'
    if offset == 0:
        return 'current row'
    text = str(offset).strip()
    back, size = text.startswith('-'), text.lstrip('-')
    return f"{size if isinstance(offset, (int, float)) else 'interval ' + size} {'preceding' if back else 'following'}"

def over_text(e):
    """A window whose bounds are lengths of time, or fractions, which only SQL takes; its keys are names of columns."""
    names = lambda all: ', '.join(one['name'] for one in all)
    keys = ', '.join(f"{one['arg']['name']} {'desc' if one['descending'] else 'asc'} nulls {'first' if one['nullsFirst'] else 'last'}"
                     if one['kind'] == 'sort' else one['name'] for one in e['orderBy'])
    parts = f"partition by {names(e['partitionBy'])} " if e['partitionBy'] else ''
    bounds = f"{span(e['bounds']['start'], 'preceding')} and {span(e['bounds']['end'], 'following')}"
    return F.expr(f"{e['fn']['fn']}({names(e['fn']['args'])}) over ({parts}order by {keys} range between {bounds})")

def over(e):
    if any(isinstance(e.get('bounds', {}).get(side), (str, float)) for side in ('start', 'end')):
        return over_text(e)
    window = Window.partitionBy(*map(column, e['partitionBy'])) if e['partitionBy'] else Window.partitionBy()
    if e['orderBy']:
        window = window.orderBy(*map(sort_key, e['orderBy']))
    if 'bounds' in e:
        start, end = e['bounds']['start'], e['bounds']['end']
        window = getattr(window, BOUND[e['bounds']['unit']])(
            Window.unboundedPreceding if start is None else start, Window.unboundedFollowing if end is None else end)
    return column(e['fn']).over(window)

def column(e):
    kind = e['kind']
    if kind == 'column':
        return F.col(e['name'])
    if kind == 'star' and 'pattern' in e:
        return SELF.colRegex((f"`{e['of']}`." if 'of' in e else '') + f"`{e['pattern']}`")
    if kind == 'star':
        return F.col('*' if 'of' not in e else f"{e['of']}.*")
    if kind == 'literal':
        return literal(e['value'], e['type'])
    if kind == 'alias':
        more = {'metadata': e['metadata']} if 'metadata' in e else {}
        return column(e['arg']).alias(*e.get('names', [e['name']]), **more)
    if kind == 'variable':
        return VARIABLES[e['name']]
    if kind == 'cast':
        of = column(e['arg'])
        return of.try_cast(type_text(e['to'])) if e.get('try') else of.cast(type_text(e['to']))
    if kind == 'call':
        return call(e)
    if kind == 'case':
        made = None
        for branch in e['branches']:
            when, value = column(branch['when']), column(branch['value'])
            made = F.when(when, value) if made is None else made.when(when, value)
        return made.otherwise(column(e['otherwise'])) if 'otherwise' in e else made
    if kind == 'sort':
        return sort_key(e)
    if kind == 'over':
        return over(e)
    if kind == 'outer':
        return column(e['arg']).outer()
    if kind == 'subquery':
        of = frame(e['plan'])
        return column(e['arg']).isin(of) if e['how'] == 'in' else getattr(of, e['how'])()
    if kind == 'sql':
        return F.expr(''.join(e['parts']))
    raise ValueError(f'no expression of kind {kind} here')

def sql_value(value, t):
    """A constant of a leaf as SQL text, cast from text, so that no digit is lost on the way."""
    kind, to = t['kind'], type_text(t)
    if value is None:
        return f'cast(null as {to})'
    if kind == 'array':
        return f"cast(array({', '.join(sql_value(one, t['element']) for one in value)}) as {to})"
    if kind == 'struct':
        members = [sql_value(value[f['name']] if isinstance(value, dict) else value[i], f['type'])
                   for i, f in enumerate(t['fields'])]
        return f"cast(named_struct({', '.join(repr(f['name']) + ', ' + m for f, m in zip(t['fields'], members))}) as {to})"
    if kind == 'map':
        pairs = value if isinstance(value, list) else list(value.items())
        return f"cast(map({', '.join(sql_value(k, t['key']) + ', ' + sql_value(v, t['value']) for k, v in pairs)}) as {to})"
    text = ('true' if value is True else 'false' if value is False else str(value))
    quoted = "'" + text.replace('\\', '\\\\').replace("'", "\\'") + "'"
    if kind == 'string':
        return quoted
    return f'unbase64({quoted})' if kind == 'binary' else f'cast({quoted} as {to})'

def leaf_rows(plan):
    fields = plan['schema']['fields']
    names = ', '.join('`' + f['name'].replace('`', '``') + '`' for f in fields)
    if not plan['rows']:
        typed = ', '.join(f"cast(null as {type_text(f['type'])}) as `{f['name']}`" for f in fields)
        return spark.sql(f'select {typed}').filter('false')
    rows = ', '.join('(' + ', '.join(sql_value(v, f['type']) for v, f in zip(row, fields)) + ')' for row in plan['rows'])
    return spark.sql(f'select * from values {rows} as given({names})')

JOINS = {'semi': 'left_semi', 'anti': 'left_anti', 'full': 'full_outer'}

def join(plan):
    left, right, on = frame(plan['left']), frame(plan['right']), plan['on']
    how = JOINS.get(plan['how'], plan['how'])
    if 'nearest' in plan:
        by = plan['nearest']['by']
        direction = 'similarity' if by['descending'] else 'distance'
        return left.nearestByJoin(right, column(by['arg']), plan['nearest']['count'], 'exact', direction,
                                  joinType='leftouter' if how == 'left' else how)
    if 'lateral' in plan:
        return left.lateralJoin(right, column(on['condition']) if on['kind'] == 'condition' else None, how)
    if on['kind'] == 'none':
        return left.crossJoin(right) if how in ('cross', 'inner') else left.join(right, how=how)
    if on['kind'] == 'using':
        return left.join(right, on['columns'], how)
    return left.join(right, column(on['condition']), how)

def combined(plan):
    left, right = frame(plan['left']), frame(plan['right'])
    if plan['how'] == 'union':
        made = left.unionByName(right, plan['allowMissing']) if plan['byName'] else left.union(right)
        return made if plan['all'] else made.distinct()
    if plan['how'] == 'intersect':
        return left.intersectAll(right) if plan['all'] else left.intersect(right)
    return left.exceptAll(right) if plan['all'] else left.subtract(right)

def limit(plan):
    of = frame(plan['input'])
    if 'offset' in plan:
        of = of.offset(plan['offset'])
    return of.limit(plan['count']) if 'count' in plan else of

def aggregate(plan):
    of, groups = frame(plan['input']), [column(one) for one in plan['groups']]
    if 'sets' in plan:
        sets, count = plan['sets'], len(groups)
        if sets == [list(range(count - left)) for left in range(count + 1)]:
            grouped = of.rollup(*groups)
        elif len(sets) == 2 ** count:
            grouped = of.cube(*groups)
        else:
            grouped = of.groupingSets([[groups[i] for i in one] for one in sets], *groups)
    else:
        grouped = of.groupBy(*groups)
    if 'pivot' in plan:
        values = plan['pivot'].get('values')
        on = plan['pivot']['column']
        if on['kind'] != 'column':
            raise ValueError('pivot by a column name')
        grouped = grouped.pivot(on['name'], *([[one['value'] for one in values]] if values is not None else []))
    if 'ofNumbers' in plan:
        return getattr(grouped, plan['ofNumbers'])(*[one['args'][0]['name'] for one in plan['aggregates']])
    return grouped.agg(*map(column, plan['aggregates']))

def unpivot(plan):
    values = [column(one) for one in plan['values']] if 'values' in plan else None
    return frame(plan['input']).unpivot([column(one) for one in plan['ids']], values, plan['variable'], plan['value'])

def missing(plan):
    of, columns = frame(plan['input']), plan.get('columns')
    if plan['how'] == 'fill':
        value = plan['value']['value']
        if plan['value']['type']['kind'] == 'long':
            value = int(value)
        return of.na.fill(value, columns)
    if plan['how'] == 'drop':
        return of.na.drop('any', plan.get('least'), columns)
    return of.na.replace({a['value']: b['value'] for a, b in plan['pairs']}, None, columns)

def summary(plan):
    of, statistics = frame(plan['input']), plan['statistics']
    if statistics == ['count', 'mean', 'stddev', 'min', 'max']:
        return of.describe(*plan.get('columns', []))
    return of.summary(*statistics)

SELF = None

def project(plan):
    """A pattern of names is asked of the frame itself."""
    global SELF
    of = frame(plan['input'])
    SELF = of
    return of.select(*map(column, plan['columns']))

def schema_of(schema):
    return StructType.fromDDL(', '.join(f"`{f['name']}` {type_text(f['type'])}" for f in schema['fields']))

def distinct(plan):
    of = frame(plan['input'])
    if 'withinWatermark' in plan:
        return of.dropDuplicatesWithinWatermark(*([plan['on']] if 'on' in plan else []))
    return of.dropDuplicates(plan['on']) if 'on' in plan else of.distinct()

STEPS = {
    'rows': leaf_rows,
    'range': lambda p: spark.range(p['start'], p['end'], p['step']),
    'read': lambda p: spark.read.format(p['format']).options(**p['options']).load(p['paths']),
    'project': project,
    'to': lambda p: frame(p['input']).to(schema_of(p['schema'])),
    'transpose': lambda p: frame(p['input']).transpose(*([column(p['index'])] if 'index' in p else [])),
    'filter': lambda p: frame(p['input']).filter(column(p['condition'])),
    'withColumns': lambda p: frame(p['input']).withColumns({c['name']: column(c['expr']) for c in p['columns']}),
    'drop': lambda p: frame(p['input']).drop(*p['columns']),
    'rename': lambda p: frame(p['input']).withColumnsRenamed(p['names']),
    'aggregate': aggregate,
    'toDF': lambda p: frame(p['input']).toDF(*p['names']),
    'unpivot': unpivot,
    'na': missing,
    'summary': summary,
    'cache': lambda p: frame(p['input']),
    'watermark': lambda p: frame(p['input']).withWatermark(p['column'], p['delay']),
    'index': lambda p: frame(p['input']).zipWithIndex(p['name']),
    'sample': lambda p: frame(p['input']).sample(p['fraction'], p['seed']),
    'join': join,
    'sort': lambda p: frame(p['input']).orderBy(*map(sort_key, p['by'])),
    'limit': limit,
    'distinct': distinct,
    'set': combined,
    'alias': lambda p: frame(p['input']).alias(p['name']),
}

def read(plan):
    """Files of the folder that is current."""
    reader = spark.read.format(plan['format']).options(**{k: option_text(v) for k, v in plan['options'].items()})
    if 'schema' in plan:
        reader = reader.schema(', '.join(f"`{f['name']}` {type_text(f['type'])}" for f in plan['schema']['fields']))
    return reader.load([os.path.join(directory, path) for path in plan['paths']])

def option_text(value):
    if isinstance(value, bool):
        return 'true' if value else 'false'
    return value.replace('$DIR', directory) if isinstance(value, str) else str(value)

def written(plan, write):
    made, into = frame(plan), os.path.join(directory, 'written')
    writer = made.coalesce(1).write.mode('overwrite').options(**{k: option_text(v) for k, v in write['options'].items()})
    if write.get('partitionBy'):
        writer = writer.partitionBy(*write['partitionBy'])
    writer.format(write['format']).save(into)
    found = []
    for folder, _, names in os.walk(into):
        for name in names:
            if name.startswith('part-'):
                with open(os.path.join(folder, name), 'rb') as file:
                    found.append([os.path.relpath(folder, into), file.read().decode('utf8')])
    return {'files': sorted(found)}

def frame(plan) -> DataFrame:
    if plan['op'] == 'read':
        return read(plan)
    step = STEPS.get(plan['op'])
    if step is None:
        raise ValueError(f"no step {plan['op']} here")
    return step(plan)

TEXTUAL = (DateType, TimestampType, TimestampNTZType, TimeType, DayTimeIntervalType, YearMonthIntervalType,
           CalendarIntervalType)

def readable(c, t):
    """Times as text inside of Spark: Python has no years beyond 9999."""
    if isinstance(t, TEXTUAL):
        return c.cast('string')
    if isinstance(t, ArrayType) and has_time(t):
        return F.transform(c, lambda one: readable(one, t.elementType))
    if isinstance(t, StructType) and has_time(t):
        made = F.struct(*[readable(c.getField(f.name), f.dataType).alias(f.name) for f in t.fields])
        return F.when(c.isNotNull(), made)
    if isinstance(t, MapType) and has_time(t):
        entries = F.transform(F.map_entries(c), lambda e: F.struct(
            readable(e.key, t.keyType).alias('k'), readable(e.value, t.valueType).alias('v')))
        return F.when(c.isNotNull(), entries)
    return c

def has_time(t):
    if isinstance(t, ArrayType):
        return has_time(t.elementType)
    if isinstance(t, StructType):
        return any(has_time(f.dataType) for f in t.fields)
    if isinstance(t, MapType):
        return has_time(t.keyType) or has_time(t.valueType)
    return isinstance(t, TEXTUAL)

def plain(value):
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if math.isnan(value):
            return 'NaN'
        if math.isinf(value):
            return 'Infinity' if value > 0 else '-Infinity'
        return value
    if isinstance(value, decimal.Decimal):
        return format(value, 'f')
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, (Row, list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return sorted(([plain(k), plain(v)] for k, v in value.items()), key=json.dumps)
    return str(value)

def collected(made):
    fields = made.schema.fields
    numbered = made.toDF(*[f'c{i}' for i in range(len(fields))])
    texts = [readable(F.col(f'c{i}'), f.dataType).alias(f'c{i}') for i, f in enumerate(fields)]
    return [[plain(value) for value in row] for row in (numbered.select(*texts).collect() if texts else made.collect())]

def error_of(thrown):
    text = str(thrown).split('\n')[0]
    found = re.search(r'\[([A-Z_0-9.]+)\]', text)
    return found.group(1) if found else text[:120]

def leaf_of(plan):
    while 'input' in plan:
        plan = plan['input']
    return plan

def only_rows(plan, rows):
    if plan['op'] == 'rows':
        return {**plan, 'rows': rows}
    return {**plan, 'input': only_rows(plan['input'], rows)}

def row_by_row(plan, rows):
    """The rows of each row of the leaf, found by halves: mostly few fail."""
    try:
        return collected(frame(only_rows(plan, rows)))
    except Exception as thrown:
        if len(rows) == 1:
            return [{'error': error_of(thrown)}]
    half = len(rows) // 2
    return row_by_row(plan, rows[:half]) + row_by_row(plan, rows[half:])

def evaluated(plan, each_row, write=None):
    try:
        if write is not None:
            return written(plan, write)
        made = frame(plan)
        schema = [[f.name, f.dataType.simpleString()] for f in made.schema.fields]
    except Exception as thrown:
        return {'error': error_of(thrown)}
    try:
        return {'schema': schema, 'rows': row_by_row(plan, leaf_of(plan)['rows']) if each_row else collected(made)}
    except Exception as thrown:
        return {'error': error_of(thrown)}

def optional(t):
    """The type with nulls everywhere, as rows given to createDataFrame have it."""
    if isinstance(t, ArrayType):
        return ArrayType(optional(t.elementType), True)
    if isinstance(t, MapType):
        return MapType(optional(t.keyType), optional(t.valueType), True)
    if isinstance(t, StructType):
        return StructType([StructField(f.name, optional(f.dataType), True) for f in t.fields])
    return t

def text_of(given):
    """What show() or printSchema() prints."""
    try:
        made = frame(given['plan'])
        if 'show' in given:
            return {'text': made._show_string(*given['show'])}
        level = given['tree'] if given['tree'] is not None else 2147483647
        return {'text': spark.createDataFrame([], optional(made.schema))._jdf.schema().treeString(level)}
    except Exception as thrown:
        return {'error': error_of(thrown)}

print('ready', flush=True)
for line in sys.stdin:
    given = json.loads(line)
    directory = given.get('dir', '.')
    if 'show' in given or 'tree' in given:
        answer = text_of(given)
    else:
        answer = evaluated(given['plan'], given.get('eachRow', False), given.get('write'))
    print(json.dumps({'id': given['id'], **answer}), flush=True)
