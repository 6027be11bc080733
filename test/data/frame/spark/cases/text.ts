import * as f from '../../../../../src/data/frame/index.ts'
import { col, createDataFrame, lit } from '../../../../../src/data/frame/index.ts'
import type { SparkCase } from '../spark-case.ts'

const TEXTS = [
  null, '', ' ', 'a', 'Hello World', '  two  words ', 'äöüß ÀÉ', '日本語テキスト', '🦀 crab 🦀', 'a,b,,c', '2024-02-29', 'x=1&y=2', 'O\'Reilly "quoted"', 'tab\tnew\nline', '%20 + ~*', '\\d+ back', 'ABCabc123-_.', 'aaa', 'null', 'e\u0301',
] // biome-ignore format: a list
const texts = createDataFrame(
  TEXTS.map((text, i) => [i, text]),
  'i int, v string',
)
/** Letters whose other case is several, marks that belong to the letter before, and characters outside of the first plane. */
const unicode = createDataFrame(
  [
    'straße',
    'GROẞ',
    'ﬁn ﬂ ﬃ',
    'ΑΣ',
    'ΟΔΥΣΣΕΥΣ ΣΑΣ, Σ',
    'İstanbul ıI',
    'ŉ ǆ ǅ',
    '🇩🇪 👨‍👩‍👧 x',
    '\u{1D11E}a\u{1D11E}',
    'e\u0301e\u0301',
    'ＡＢ１２',
    '١٢٣',
    '\u00A0a\u00A0',
    '\u2003b\t',
    '\u0000',
    'нЕТ Да',
    'ab\u0000c',
    'zé'.repeat(30),
  ].map((text, i) => [i, text]),
  'i int, v string',
)
const patterns = createDataFrame(
  ['a%b', 'a_b', 'a\\b', 'aXb', '%', '_', '\\', 'a\nb', 'A%B', 'a.b', '100%', '', 'é', '🦀', null].map((text, i) => [
    i,
    text,
  ]),
  'i int, v string',
)
const numbers = createDataFrame([[0, null], [1, 0], [2, 1], [3, 2], [4, -1], [5, 65], [6, 300], [7, 3]], 'i int, n int') // biome-ignore format: rows
const urls = createDataFrame(
  [null, '', 'http://spark.apache.org/path?query=1', 'https://user:pw@host.example:8080/a/b.html?k=v&q=x%20y#top', 'ftp://h/', 'mailto:a@b.c', '/just/path?z=1', 'http://h/a b', 'http://h/%zz', 'HTTP://H/?q#', 'http://h:80?x=1&x=2&y', 'news:abc/d?e#f', 'http://ü.example/ä?ö=1', 'a:b', '//h/p', 'http://[::1]:8/p', 'http://h/p?a=b=c&&d'].map((url, i) => [i, url]),
  'i int, v string',
) // biome-ignore format: rows
const jsons = createDataFrame(
  [null, '', '[1, 2, 3]', '[]', '{"a": 1, "b": {"c": [1]}}', '{}', 'nonsense', '5', '{"a": "x", "b": null}', '[{"a":1}'].map((json, i) => [i, json]),
  'i int, v string',
) // biome-ignore format: rows

const v = col('v')
const of = (frame: f.Frame, columns: readonly f.Column[]): SparkCase[] =>
  columns.map((column) => ({ name: `${column}`, frame: frame.select('i', column), eachRow: true }))

export const cases: readonly SparkCase[] = [
  ...of(texts, [
    f.upper('v'), f.lower('v'), f.ucase('v'), f.lcase('v'), f.initcap('v'), f.length('v'), f.charLength('v'), f.characterLength('v'), f.octetLength('v'), f.bitLength('v'), f.ascii('v'), f.reverse('v'),
    f.trim('v'), f.ltrim('v'), f.rtrim('v'), f.btrim('v'), f.btrim('v', lit('a ')), f.lpad('v', 6, '*'), f.rpad('v', 6, 'xy'), f.lpad('v', 2, '#'), f.repeat('v', 2), f.left('v', 3), f.right('v', 3),
    f.substring('v', 2, 3), f.substring('v', 0, 2), f.substring('v', -3, 2), f.substring('v', -30, 29), f.substringIndex('v', ',', 2), f.substringIndex('v', ' ', -1), f.instr('v', 'a'), f.locate('a', 'v'), f.locate('a', 'v', 2), f.position(lit('l'), 'v'), f.position(lit('l'), 'v', lit(5)),
    f.splitPart('v', lit(','), lit(2)), f.splitPart('v', lit(' '), lit(-1)), f.splitPart('v', lit(''), lit(1)), f.splitPart('v', lit(','), lit(0)),
    f.overlay('v', lit('##'), lit(2)), f.overlay('v', lit('##'), lit(2), lit(0)), f.overlay('v', lit('Z'), lit(1), lit(3)), f.findInSet('v', lit('a,b,null,aaa')), f.mask('v'), f.mask('v', 'U', 'l', 'd', 'o'),
    f.translate('v', 'abc', 'xy'), f.replace('v', 'a', 'bb'), f.concat('v', lit('-'), 'v'), f.concatWs('|', 'v', lit(null).cast('string'), 'i'), f.concat('v', 'i'),
    f.like('v', lit('%a%')), f.like('v', lit('_')), f.ilike('v', lit('HELLO%')), f.rlike('v', lit('^[a-z]+$')), f.contains('v', lit('a')), f.startswith('v', lit('a')), f.endswith('v', lit('c')),
    f.regexp('v', lit('[0-9]+')), f.regexpLike('v', lit('a|b')), f.regexpCount('v', lit('a')), f.regexpCount('v', lit('[aeiou]')), f.regexpSubstr('v', lit('[0-9]+')), f.regexpInstr('v', lit('[0-9]')), f.regexpInstr('v', lit('o W')), f.regexpExtractAll('v', lit('([a-z])([0-9a-z])'), 2), f.regexpExtractAll('v', lit('[a-z]+'), 0),
    f.regexpExtract('v', '([a-z]+)', 1), f.regexpReplace('v', '[aeiou]', '<$0>'), f.regexpReplace('v', '(a)(b)?', '$1!'), f.split('v', ','), f.split('v', ' '),
    f.md5('v'), f.sha1('v'), f.sha2('v', 256), f.base64('v'), f.urlEncode('v'), f.urlDecode('v'), f.tryUrlDecode('v'), f.isValidUtf8('v'), f.encode('v', 'utf-8').cast('string').as('e'), f.decode(f.encode('v', 'utf-8'), 'utf-8').as('d'), f.levenshtein('v', lit('abc')),
    f.elt(lit(2), 'v', lit('b')), v.substr(2, 3), v.like('%\\%%'), v.contains('o'),
  ]),
  ...of(unicode, [
    f.upper('v'), f.lower('v'), f.initcap('v'), f.length('v'), f.reverse('v'), f.ascii('v'), f.octetLength('v'), f.mask('v'), f.mask('v', 'A', 'b', '1', '*'), f.levenshtein('v', lit('strasse')), f.levenshtein(lit('e'), 'v'), f.substring('v', 2, 2), f.left('v', 2), f.right('v', 2), f.lpad('v', 3, 'é'), f.rpad('v', 7, '🦀'),
    f.trim('v'), f.translate('v', 'ßé', 'sE'), f.instr('v', 'a'), f.like('v', lit('_')), f.like('v', lit('%e_')), f.ilike('v', lit('STRASSE')), f.ilike('v', lit('%Ё%')), f.split('v', ''), f.md5('v'), f.hex('v'), f.rlike('v', lit('^.$')), f.charLength('v'), f.repeat('v', 2).substr(1, 4), f.overlay('v', lit('é'), lit(2)), f.contains('v', lit('\u0301')), f.concat('v', 'v').eq(f.repeat('v', 2)).as('same'),
  ]),
  ...of(patterns, ['a%b', 'a\\%b', 'a\\_b', 'a_b', 'a\\\\b', '%', '_', '__', '', 'a%', '\\%', '100\\%', 'a\\b', 'x\\'].flatMap((pattern) => [v.like(pattern), v.ilike(pattern), f.like('v', lit(pattern)).and(v.isNotNull()).as(`like ${pattern}`)])),
  ...of(patterns, [f.like(lit('a%b'), 'v').as('r'), f.like('v', 'v').as('s')]),
  ...of(numbers, [f.char('n'), f.elt('n', lit('one'), lit('two')), f.formatNumber('n', 2), f.lpad(col('n').cast('string'), 3, '0')]),
  ...of(urls, [f.parseUrl('v', 'HOST'), f.parseUrl('v', 'PATH'), f.parseUrl('v', 'QUERY'), f.parseUrl('v', 'REF'), f.parseUrl('v', 'PROTOCOL'), f.parseUrl('v', 'AUTHORITY'), f.parseUrl('v', 'USERINFO'), f.parseUrl('v', 'FILE'), f.parseUrl('v', 'QUERY', 'k'), f.parseUrl('v', 'OTHER')]),
  ...of(jsons, [f.jsonArrayLength('v'), f.jsonObjectKeys('v'), f.getJsonObject('v', '$.a'), f.getJsonObject('v', '$.b.c[0]'), f.getJsonObject('v', '$[1]')]),
] // biome-ignore format: lists
