import * as f from '../../../../../src/data/frame/index.ts'
import { type Column, col, createDataFrame, lit, struct } from '../../../../../src/data/frame/index.ts'
import type { SparkCase } from '../spark-case.ts'
import { EDGES, type EdgeKind, edgeFrame } from './edge-columns.ts'

// Texts that hold other values: CSV, types of JSON, URLs, and bytes that AES encrypted.

const frame = (all: readonly (string | null)[], type = 'string') =>
  createDataFrame(
    all.map((text, i) => [i, text !== null && type === 'binary' ? Buffer.from(text, 'hex') : text]),
    `i int, v ${type}`,
  )
const of = (given: f.Frame, columns: readonly Column[], label = ''): SparkCase[] =>
  columns.map((column) => ({ name: `${column} ${label}`.trim(), frame: given.select('i', column), eachRow: true }))

const LINES = [
  null, '', ' ', '1', '1,x', 'x,y', '1,2,3', ',', ',,', '"1",x', '1,"a,b"', '1,"a\\"b"', '1,"a""b"', '1,"open', '1,a"b', ' 1 , x ', '1,""', '""', '1,\n', '1,a\nb', '"1\n",b', '#1,x', '1;x', '1\tx', '2147483648,x', '-0,x', '1.0,x', '+5,é🦀', "1,'x'", 'null,null', '1,"x" ', '1,"x"y', '1,\\,', 'NaN,Inf',
] // biome-ignore format: a list
const VALUES: readonly (readonly [type: string, values: readonly string[]])[] = [
  ['double', ['1', '1.5', 'NaN', 'Inf', '-Inf', 'Infinity', '1e5', '1d', ' 1', 'x', '', '.5', '1.']], ['float', ['1.1', 'x', 'NaN']], ['boolean', ['true', 'TRUE', 'yes', '1', 'f']], ['bigint', ['9223372036854775807', '9223372036854775808', '-1', '1.0']], ['decimal(5,2)', ['1.234', '1.235', '99999', '1e2', 'x', '"1,000.5"', '.5']], ['date', ['2024-02-29', '2024-02-30', '2024-2-9', '2024', '2024-02-29T10:00:00', 'x']],
  ['timestamp', ['2024-02-29 10:00:00', '2024-02-29T10:00:00.123Z', '2024-02-29', 'x', '1700000000']], ['timestamp_ntz', ['2024-02-29T10:00:00', '2024-02-29 10:00:00.5', '2024-02-29T10:00:00Z', 'x']], ['binary', ['abc', '']], ['tinyint', ['127', '128']], ['smallint', ['-32768', '40000']],
] // biome-ignore format: a table
const TYPED_LINES = [
  '1,abc', '1,2.5,true,2020-01-01,2020-01-01 10:00:00,,12345678901,NaN,123456789012345678901', 'a', '"a,b",c', ' 1 ,TRUE,1e5,2020-01-01T10:00:00Z,2020-1-1,1D', '12:00,2020-01,2020,-5,+5,Inf,-Infinity,.5,0x1,1_000', ',', ',,x', 'false,0,00', '99999999999999999999999999999999999999,999999999999999999999999999999999999999', '2147483647,2147483648,-2147483649', '-', '2020-02-30,2020-13-01', '"1","2"', "1|2,3",
] // biome-ignore format: a list
const TYPED_JSON = [
  '{"a":1,"b":[1,2.5,null],"c":{"d":true},"e":null,"f":"2020-01-01","g":12345678901234567890,"h":[],"i":1.5,"j j":[{"x":1},{"y":"z"}]}', '[1,"a"]', '1', '"x"', 'null', '', ' ', 'abc', '[{"a":1},{"a":2.5},{"a":null}]', '{"t":"2020","n":1e5}', '[]', '{}', '[{}]', '{"a":{}}', '[{"a":{"z":1}},{"a":5}]', '[true,1]', '[true,false,null]', '[[1],[2.5],[]]', '{"b":1,"a":2,"B":3}', '{a:1}', '{"a":1,"a":"x"}', '{"a":NaN}', "{'a':'it'}", '[12345678901234567890,1.5]', '[12345678901234567890,1]',
  '[123456789012345678901234567890,-12345678901234567890]', '{"a-b":1,"_c":1,"1d":1,"select":2,"ä":1,"q`q":1,"":5}', '{"a":1} x', 'true', '{"a":1', '{"a":1.0,"b":-0}', '[null]', '[1,null,{"a":1}]', '{"a":""}', '["",1]', '[[],1]', '[{"b":1,"a":"x"},{"c":true,"a":2},{"b":1.5}]', '{"a":[{},{"x":[[{"y":null}]]}]}', '123456789012345678901234567890123456789', '-9223372036854775808', '9223372036854775808', '{"a":"NaN"}', '1 2', '[1,]',
] // biome-ignore format: a list
const URLS = [null, '', 'http://spark.apache.org/path?query=1&q=a+b#r', 'http://a b/', 'inva lid://u:p@host/f', 'https://x.y:80/p?a=1&b=2', 'http://[::1]/x', 'mailto:a@b', '%zz', 'http:', '//h/p', 'http://user:pw@h/p;x?y=z'] // biome-ignore format: a list

const KEYS = ['0000111122223333', '000011112222333344445555', '00001111222233334444555566667777']
const key = (at: number) => lit(KEYS[at] ?? '')
const PLAIN = [null, '', '61', '537061726b', '00ff80', '30313233343536373839616263646566', 'f0'.repeat(33)]
const ENCRYPTED = [
  null, '', '00', '83F16B2AA704794132802D248E6BFD4E380078182D1544813898AC97E709B28A94', '00000000000000000000000046C4EF1C6A58C82E08A2D6B5AA23225CD5DAB67E32', '348FF37EBDE05B7880BA339068FBDA5E', '00000000000000000000000000000000348FF37EBDE05B7880BA339068FBDA5E', 'A2B86E759170DE0DDA876438211908C0', '83F16B2AA704794132802D248E6BFD4E380078182D1544813898AC97E709B28A95', '00'.repeat(12), '00'.repeat(16), '00'.repeat(28), '00'.repeat(32), '00'.repeat(33),
] // biome-ignore format: a list
const vector = (bytes: number) => f.unhex(lit('0a'.repeat(bytes)))
const hex = (column: Column) => f.hex(column)
const decrypts = [undefined, 'GCM', 'CBC', 'ECB'] as const

export const cases: readonly SparkCase[] = [
  ...of(frame(LINES), [f.fromCsv('v', 'a int, b string'), f.fromCsv('v', 'a int, b string, _corrupt_record string'), f.fromCsv('v', 'a string')], 'of lines'),
  ...of(frame(LINES), [f.fromCsv('v', 'a int, b string', { mode: 'FAILFAST' })], 'failing'),
  ...of(frame(LINES), [f.fromCsv('v', 'a int, bad string, b string', { columnNameOfCorruptRecord: 'bad' })], 'with the record'),
  ...[{ sep: ';' }, { sep: '\t' }, { quote: "'" }, { ignoreLeadingWhiteSpace: true, ignoreTrailingWhiteSpace: true }, { nullValue: 'x' }, { emptyValue: 'E' }, { escape: '"' }].flatMap((options) => of(frame(LINES), [f.fromCsv('v', 'a int, b string', options)], JSON.stringify(options))),
  ...VALUES.flatMap(([type, values]) => of(frame(values), [f.fromCsv('v', `a ${type}`)], `as ${type}`)),
  // A time alone is one of today.
  ...of(frame(['12:00']), [f.dateFormat(f.fromCsv('v', 'a timestamp').getField('a'), 'HH:mm:ss')], 'of a time alone'),
  ...of(frame(['29.02.2024', '2024-02-29']), [f.fromCsv('v', 'a date', { dateFormat: 'dd.MM.yyyy' })], 'by a pattern'),
  ...(['int', 'bigint', 'double', 'float', 'decimal', 'wide', 'text', 'boolean', 'date', 'timestamp', 'timestamp_ntz', 'dates'] as const satisfies readonly EdgeKind[]).filter((kind) => kind in EDGES).flatMap((kind) => of(edgeFrame(kind), [f.toCsv(struct(lit(1).as('a'), col('v').as('b'), lit('z').as('c')))], `of ${kind}`)),
  ...of(frame(LINES), [f.toCsv(struct(lit('h').as('h'), col('v'))), f.toCsv(struct(col('i'), col('v'), col('v').as('w')))], 'as a line'),
  ...of(frame(LINES.slice(1)), [f.toCsv(struct('v'))], 'alone'),
  ...[{ sep: ';' }, { quoteAll: true }, { nullValue: 'N' }, { emptyValue: '' }, { quote: "'" }, { escapeQuotes: false }, { ignoreLeadingWhiteSpace: false, ignoreTrailingWhiteSpace: false }].flatMap((options) => of(frame(LINES), [f.toCsv(struct('i', 'v'), options)], `as a line ${JSON.stringify(options)}`)),
  ...of(frame([null, 'a']), [f.toCsv(f.when(col('v').isNotNull(), struct('i', 'v')))], 'of a null'),
  ...TYPED_LINES.map((line) => ({ name: `type of the line ${line}`, frame: frame(['a']).select(f.schemaOfCsv(lit(line)).as('t')) })),
  { name: 'types of a line with options', frame: frame(['a']).select(f.schemaOfCsv('1|2', { sep: '|' }), f.schemaOfCsv('1;x', { sep: ';' }).as('t')) },
  ...TYPED_JSON.map((json) => ({ name: `type of the JSON ${json}`, frame: frame(['a']).select(f.schemaOfJson(lit(json)).as('t')) })),
  { name: 'the name of a type of JSON', frame: frame(['a']).select(f.schemaOfJson('{"a":[1]}')) },
  ...of(frame(URLS), ['PROTOCOL', 'HOST', 'PATH', 'QUERY', 'REF', 'AUTHORITY', 'FILE', 'USERINFO'].map((part) => f.tryParseUrl('v', part))),
  ...of(frame(URLS), [f.tryParseUrl('v', 'QUERY', 'a'), f.tryParseUrl('v', 'QUERY', 'query')]),
  ...[0, 1, 2].flatMap((at) => of(frame(PLAIN, 'binary'), [hex(f.aesEncrypt('v', key(at), 'ECB')), hex(f.aesEncrypt('v', key(at), 'CBC', 'PKCS', vector(16))), hex(f.aesEncrypt('v', key(at), 'GCM', 'NONE', vector(12))), hex(f.aesEncrypt('v', key(at), 'GCM', 'DEFAULT', vector(12), lit('more')))], `of bytes ${at}`)),
  ...of(frame(PLAIN, 'binary'), [f.aesEncrypt('v', lit('short'), 'ECB'), f.aesEncrypt('v', key(0), 'CBC', 'NONE'), f.aesEncrypt('v', key(0), 'GCM', 'PKCS'), f.aesEncrypt('v', key(0), lit('XYZ')), f.aesEncrypt('v', key(0), 'CBC', 'DEFAULT', vector(2)), f.aesEncrypt('v', key(0), 'ECB', 'DEFAULT', vector(16)), f.aesEncrypt('v', key(0), 'CBC', 'DEFAULT', vector(16), lit('more')), f.aesEncrypt('v', lit(null).cast('string'), 'ECB'), f.aesEncrypt('v', key(0), lit('ecb'), lit('pkcs'))], 'of bytes'),
  ...of(frame(['Spark', 'é', '', null]), [f.aesEncrypt('v', key(0), 'ECB')], 'of text'),
  ...decrypts.flatMap((mode) => of(frame(ENCRYPTED, 'binary'), [f.aesDecrypt('v', key(0), mode), f.tryAesDecrypt('v', key(0), mode), f.tryAesDecrypt('v', key(1), mode), f.tryAesDecrypt('v', lit('short'), mode)], `by ${mode}`)),
  ...of(frame(ENCRYPTED, 'binary'), [f.aesDecrypt('v', key(0), 'GCM', 'DEFAULT', lit('aad')), f.tryAesDecrypt('v', key(0), lit('XYZ')), f.aesDecrypt('v', key(0), 'CBC', 'DEFAULT', lit('aad'))]),
  ...decrypts.flatMap((mode) => of(frame(PLAIN, 'binary'), [f.aesDecrypt(f.aesEncrypt('v', key(2), mode), key(2), mode).as('back'), f.length(f.aesEncrypt('v', key(2), mode)).as('length')], `there and back by ${mode}`)).map((one, i) => ({ ...one, name: `${one.name} ${i % 2}` })),
] // biome-ignore format: lists
