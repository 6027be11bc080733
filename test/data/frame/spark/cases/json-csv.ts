import * as f from '../../../../../src/data/frame/index.ts'
import { type Column, createDataFrame } from '../../../../../src/data/frame/index.ts'
import type { SparkCase } from '../spark-case.ts'

const frame = (all: readonly (string | null)[]) =>
  createDataFrame(
    all.map((text, i) => [i, text]),
    'i int, v string',
  )
const RECORDS = [
  null, '', '  ', '{"a":1,"b":"x"}', '{"a":"1"}', '{"a":1.5}', '{"a":true}', '{"b":1}', '{"b":true}', '{"b":{"c": 1}}', '{"b":[1, 2]}', '{}', '[]', '[{"a":1}]', 'abc', 'null', '{"a":null}', '{"A":1}', '{"a":1', '{"a":1}x',
  '{"a":3000000000}', '{"b":1.50}', '1', ' {"a":1} ', '{"b":"\\u00e9\\n"}', '{a:1}', '{"a":-0}', '{"a":1e2}', '{"b":1e2}', '{"b":12345678901234567890}', '{"b":null}', '{"a":""}', "{'a':1,'b':'it'}", '{"b":"🦀 \\" quote"}', '"x"', '{"a":1,"z":9}', '{"a":01}', '{"a" : 7 , "b":"y"}',
] // biome-ignore format: a list
const LEAVES: readonly (readonly [type: string, values: readonly string[]])[] = [
  ['double', ['1', '1.5', '"NaN"', 'NaN', '"1.5"', 'true', '"Infinity"', '-1e-5', '"-INF"']], ['boolean', ['true', '"true"', '1', 'false']], ['bigint', ['1', '9223372036854775807', '9223372036854775808', '1.0', '"5"']], ['decimal(5,2)', ['1.234', '1.235', '"1.5"', '99999', '1e2', '"x"', 'true']],
  ['date', ['"2024-02-29"', '"2024-02-30"', '"2024-2-9"', '"2024-02-09T10:00:00"', 'true']], ['timestamp', ['"2024-02-29T10:00:00Z"', '"2024-02-29 10:00:00"', '"2024-02-29"', '1700000000', '"x"']], ['timestamp_ntz', ['"2024-02-29T10:00:00"', '"x"']], ['array<int>', ['[1,2]', '[1,"x"]', '[]', '1', 'null', '[1,null]', '{}']], ['map<string,int>', ['{"x":1}', '{"x":"y"}', '{}', '[]', '{"x":null}']],
  ['struct<z:int>', ['{"z":1}', '{"z":"q"}', '1', '{}', 'null']], ['binary', ['"YWJj"', '1']], ['string', ['{"q": [1, 2]}', '"x"', '1.10', 'false']], ['float', ['1.1', '"x"']], ['tinyint', ['300', '5', '-128']], ['smallint', ['40000', '-5']], ['array<struct<z:int>>', ['[{"z":1},{}]', '[{"z":"x"}]', '[1]', '{"z":1}']], ['array<array<int>>', ['[[1],[]]', '[["x"]]', '[1]']], ['map<string,array<string>>', ['{"a":["x",1]}', '{"a":1}']], ['struct<p:struct<q:array<int>>>', ['{"p":{"q":[1]}}', '{"p":{"q":["x"]}}', '{"p":1}']],
] // biome-ignore format: a table
const ROOTS: readonly (readonly [type: string, values: readonly (string | null)[]])[] = [
  ['map<string,int>', [null, '{"a":1}', '{"a":"x","b":2}', '[]', 'null', '', 'abc', '{"a":null}', '{}']], ['array<int>', [null, '[1,2]', '1', '{}', '[1,"x"]', '[]', '[null]', 'abc', '']], ['array<struct<a:int>>', ['[{"a":1},{}]', '{"a":1}', '[1]', '[]', 'abc', '[null]']], ['map<string,array<string>>', ['{"a":["x",1]}', '{"a":null}']], ['map<string,struct<x:int>>', ['{"a":{"x":1}}', '{"a":1}', '{"a":{"x":"q"}}']], ['array<array<string>>', ['[["a"],[1]]', '[1]']], ['array<map<string,int>>', ['[{"a":1}]', '[1]']],
] // biome-ignore format: a table
const of = (given: f.Frame, columns: readonly Column[], label = ''): SparkCase[] =>
  columns.map((column) => ({ name: `${column} ${label}`.trim(), frame: given.select('i', column), eachRow: true }))

export const cases: readonly SparkCase[] = [
  ...of(frame(RECORDS), [f.fromJson('v', 'a int, b string'), f.fromJson('v', 'a int, b string, _corrupt_record string')]),
  ...of(frame(RECORDS), [f.fromJson('v', 'a int, b string', { mode: 'FAILFAST' })], 'failing'),
  ...of(frame(RECORDS), [f.fromJson('v', 'a int, bad string', { columnNameOfCorruptRecord: 'bad' }), f.fromJson('v', 'bad string, a bigint, b string', { columnNameOfCorruptRecord: 'bad', mode: 'PERMISSIVE' })], 'with the record'),
  ...of(frame(RECORDS), [f.getJsonObject('v', '$.a'), f.getJsonObject('v', '$.b'), f.getJsonObject('v', '$.b.c'), f.getJsonObject('v', '$[0].a'), f.getJsonObject('v', '$'), f.jsonArrayLength('v'), f.jsonObjectKeys('v')]),
  ...LEAVES.flatMap(([type, values]) => of(frame(values.map((value) => `{"v":${value}}`)), [f.fromJson('v', `v ${type}`)], `of ${type}`)),
  ...ROOTS.flatMap(([type, values]) => of(frame(values), [f.fromJson('v', type)], `as ${type}`)),
] // biome-ignore format: lists
