import { type DataType, type Json, MillraceError, type Schema, sqlTypeName } from '../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql, trusted } from '../../base/sql/index.ts'
import type { JsonLayout } from './json-layout.ts'
import { malformedFile } from './malformed.ts'
import { allRejects, namesWhere, rejectRows } from './rejects.ts'
import { FILE_COLUMN, type SourceContext, type SourceFile, type Staged } from './source.ts'
import { TempTables } from './temp-tables.ts'

/**
 * Looks at JSON records one by one, so that those that are no objects or do not fit the columns can be rejected
 * with their line. Slower than the engine's own reader, which takes clean files.
 * @throws MillraceError SOURCE_MALFORMED when a file is neither lines nor an array, or a nested value does not fit
 */
export async function stageJsonRecords(
  groups: readonly { layout: JsonLayout; members: readonly SourceFile[] }[],
  schema: Schema,
  { connection, signal }: SourceContext,
): Promise<Staged> {
  const asked = signal ? { signal } : {}
  const temp = new TempTables(connection)
  const files = groups.flatMap(({ members }) => members)
  try {
    const records = temp.table('records')
    await connection.execute(sql`create temp table ${records} (file varchar, line bigint, raw varchar, j json)`)
    for (const { layout, members } of groups) {
      const compressed = members.find(({ location }) => /\.(gz|zst)$/.test(location))
      if (compressed) throw unreadable(compressed)
      const locations = join(members.map(({ location }) => literal(location)))
      await connection.execute(layout === 'lines' ? ofLines(records, locations) : ofArray(records, locations), asked)
    }
    const bad = [
      ...schema.fields.flatMap(({ name, type }) => {
        const condition = misfit(name, type)
        return condition ? [{ name: literal(name), bad: condition }] : []
      }),
    ]
    const broken = sql`(j is null or json_type(j) <> 'OBJECT')`
    const misfits =
      bad.length === 0
        ? sql`false`
        : sql`(${join(
            bad.map((one) => one.bad),
            ' or ',
          )})`
    const rejectedRows = sql`(${broken} or ${misfits})`
    const columns = schema.fields.map(({ name, type }) => sql`${wanted(name, type)} as ${id(name)}`)
    const rows = temp.table('rows')
    await connection.execute(
      sql`create temp table ${rows} as select ${join([...columns, sql`file as ${id(FILE_COLUMN)}`])}
        from ${records} where not ${rejectedRows}`,
      asked,
    )
    const rejects = allRejects([
      rejectRows(
        {
          file: sql`file`,
          line: sql`line`,
          column: sql`case when not ${broken} then ${namesWhere(bad)} end`,
          reason: sql`case when j is null then 'not valid JSON'
            when json_type(j) <> 'OBJECT' then 'not an object' else 'not a value of the type of the column' end`,
          raw: sql`raw`,
        },
        sql`${records} where ${rejectedRows}`,
      ),
    ])
    const [counted] = await connection.rows<{ n: bigint }>(
      sql`select count(*) as n from ${records} where ${rejectedRows}`,
    )
    const rejected = Number(counted?.n ?? 0)
    return {
      relation: sql`${rows} as staged`,
      ...(rejected > 0 && rejects ? { rejects } : {}),
      rejected,
      [Symbol.asyncDispose]: () => temp.drop(),
    }
  } catch (thrown) {
    await temp.drop()
    throw malformedFile(thrown, files)
  }
}

function ofLines(records: Sql, locations: Sql): Sql {
  return sql`insert into ${records}
    select file, line, raw, case when json_valid(raw) then raw::json end from (
      select filename as file, generate_subscripts(pieces, 1) as line, trim(unnest(pieces), chr(13)) as raw
      from (select filename, string_split(content, chr(10)) as pieces from read_text([${locations}])) as texts
    ) as lines where trim(raw) <> ''`
}

function ofArray(records: Sql, locations: Sql): Sql {
  return sql`insert into ${records}
    select file, null, j::varchar, j from (
      select filename as file, unnest(json_extract(content::json, '$[*]')) as j from read_text([${locations}])
    ) as elements`
}

/** True where a member is there but is no value of the type; undefined where any value is. */
function misfit(name: string, type: DataType): Sql | undefined {
  const text = textOf(name)
  const target = trusted(sqlTypeName(type, 'duckdb'))
  switch (type.kind) {
    case 'string':
    case 'json':
    case 'struct':
    case 'array':
    case 'map':
      return undefined
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
    case 'hugeint':
    case 'ubyte':
    case 'ushort':
    case 'uinteger':
    case 'ulong':
      return sql`coalesce(${text} is not null and (try_cast(${text} as ${target}) is null
        or try_cast(${text} as double) <> trunc(try_cast(${text} as double))), false)`
    default:
      return sql`(${text} is not null and try_cast(${text} as ${target}) is null)`
  }
}

function wanted(name: string, type: DataType): Sql {
  const target = trusted(sqlTypeName(type, 'duckdb'))
  switch (type.kind) {
    case 'string':
      return textOf(name)
    case 'struct':
    case 'array':
    case 'map':
      // Strict: a nested value that does not fit stops the load rather than becoming null.
      return sql`json_transform_strict(json_extract(j, ${pathOf(name)}), ${literal(JSON.stringify(structureOf(type)))})`
    case 'json':
      return sql`json_extract(j, ${pathOf(name)})`
    default:
      return sql`try_cast(${textOf(name)} as ${target})`
  }
}

function textOf(name: string): Sql {
  return sql`json_extract_string(j, ${pathOf(name)})`
}

function pathOf(name: string): Sql {
  return literal(`$."${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`)
}

/** A type as json_transform takes it. */
function structureOf(type: DataType): Json {
  if (type.kind === 'struct') {
    return Object.fromEntries(type.fields.map((field) => [field.name, structureOf(field.type)]))
  }
  return type.kind === 'array' ? [structureOf(type.element)] : sqlTypeName(type, 'duckdb')
}

function unreadable(file: SourceFile): MillraceError {
  return new MillraceError('SOURCE_MALFORMED', `reading ${file.path}: it holds records that do not fit`, {
    at: { file: file.path },
    hint: 'Records of compressed JSON cannot be looked at one by one: decompress the file to have them rejected.',
  })
}
