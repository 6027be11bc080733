import { expect, test } from 'vitest'
import { sql } from '../../../src/base/sql/index.ts'
import { openDuckDb } from '../../../src/data/engine/index.ts'
import { formatJunit, validate } from '../../../src/work/quality/index.ts'
import { suiteOf } from './suite-of.ts'

test('a validation is a suite of JUnit, an unmet expectation a failure, one that cannot be computed an error', async () => {
  await using engine = await openDuckDb()
  await using connection = await engine.connect()
  const result = await validate({
    connection,
    relation: sql`(values ('<a> & "b"'), ('c\u0001')) as t (word)`,
    suite: suiteOf(
      ['expect_table_row_count_to_equal', { value: 2 }],
      ['expect_column_values_to_be_in_set', { column: 'word', value_set: ['<x>'] }, { severity: 'warning' }],
      ['expect_column_values_to_be_unique', { column: 'wort' }],
    ),
    dataset: 'raw.words',
  })
  const xml = formatJunit([result]).replace(/ time="[^"]*" timestamp="[^"]*"/, '')
  expect(xml).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="raw.words against test" tests="3" failures="1" errors="1" skipped="0">
    <testcase classname="raw.words" name="row count to equal value=2"/>
    <testcase classname="raw.words.word" name="word: values to be in set value_set=[&quot;&lt;x&gt;&quot;]">
      <failure type="warning" message="2 of 2 unexpected (100 %), such as &quot;&lt;a&gt; &amp; &quot;b&quot;&quot;, &quot;c\ufffd&quot;"/>
    </testcase>
    <testcase classname="raw.words.wort" name="wort: values to be unique">
      <error type="COLUMN_UNKNOWN" message="column &quot;wort&quot; does not exist">Did you mean &quot;word&quot;? There are: word.</error>
    </testcase>
  </testsuite>
</testsuites>
`)
})
