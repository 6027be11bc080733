import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { peerPython } from '../../../services/peers.ts'
import { dbtFolder } from '../dbt-folder.ts'

const python = peerPython('dbt-artifacts-parser')

const READ = `
import json, sys
from dbt_artifacts_parser import parser
read = lambda name: json.load(open(sys.argv[1] + '/' + name + '.json'))
manifest = parser.parse_manifest_v12(manifest=read('manifest'))
results = parser.parse_run_results_v6(run_results=read('run_results'))
catalog = parser.parse_catalog_v1(catalog=read('catalog'))
sources = parser.parse_sources_v3(sources=read('sources'))
print(json.dumps({
  'nodes': sorted(manifest.nodes), 'sources': sorted(manifest.sources),
  'types': sorted({type(node).__name__ for node in manifest.nodes.values()}),
  'results': {one.unique_id: one.status.value for one in results.results},
  'catalog': sorted(catalog.nodes) + sorted(catalog.sources),
  'freshness': [type(one).__name__ for one in sources.results],
}))
`

test.skipIf(!existsSync(python))(
  'artifacts are read by dbt-artifacts-parser, which knows every field (enable: scripts/peers/install-python.sh dbt-artifacts-parser)',
  async () => {
    const folder = await dbtFolder({
      'seeds/codes.csv': 'id,v\n1,2\n2,3\n',
      'models/a.sql': "select * from {{ ref('codes') }}",
      'models/b.sql':
        "{{ config(materialized='incremental', unique_key='id', tags=['x']) }} select * from {{ ref('a') }}",
      'models/off.sql': '{{ config(enabled=false) }} select 1',
      'tests/none.sql': "select * from {{ ref('a') }} where false",
      'snapshots/s.yml':
        "snapshots: [{ name: kept, relation: ref('a'), config: { strategy: check, unique_key: id, check_cols: all } }]",
      'selectors.yml': 'selectors: [{ name: x, definition: { union: ["tag:x+", { method: fqn, value: a }] } }]',
      'models/schema.yml': `
models: [{ name: a, description: d, columns: [{ name: id, description: key, data_tests: [unique, not_null] }] }]
sources:
  - name: raw
    schema: main
    loaded_at_field: loaded
    freshness: { warn_after: { count: 1, period: day } }
    tables: [{ name: events, columns: [{ name: loaded, data_type: timestamp }] }, { name: gone }]
`,
    })
    await folder.script('create table events as select current_timestamp::timestamp as loaded')
    const written = { artifacts: true }
    await folder.dbt('source freshness', {}, written)
    await folder.dbt('docs generate', {}, written)
    await folder.dbt('build', {}, written)
    const said = execFileSync(python, ['-c', READ, join(folder.dir, 'target')], { encoding: 'utf8' })
    const read = JSON.parse(said)
    // Seeds, singular tests, models, generic tests and snapshots, each by its own shape.
    expect(read.types).toEqual(['Nodes', 'Nodes2', 'Nodes4', 'Nodes6', 'Nodes7'])
    expect(read.results['model.shop.b']).toBe('success')
    expect(read.nodes).toContain('snapshot.shop.kept')
    expect(read.sources).toEqual(['source.shop.raw.events', 'source.shop.raw.gone'])
    expect(read.catalog).toContain('source.shop.raw.events')
    expect(read.freshness).toHaveLength(2)
  },
)
