import { existsSync, readdirSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { MillraceError } from '../../../base/kernel/index.ts'

/**
 * Makes a dbt project that builds at once: a seed, two models, their tests, and a profile in the same folder unless it is left out. Answers
 * the files, relative to it.
 * @throws MillraceError OPTION_INVALID for a name that is no word, FOLDER_NOT_EMPTY
 */
export async function initDbtProject(name: string, options: { readonly profile?: boolean } = {}): Promise<string[]> {
  if (!/^[a-z_]\w*$/i.test(name)) {
    throw new MillraceError('OPTION_INVALID', `"${name}" cannot be the name of a dbt project`, {
      hint: 'Use letters, digits and "_", not beginning with a digit.',
    })
  }
  const dir = resolve(name)
  if (existsSync(dir) && readdirSync(dir).length > 0) {
    throw new MillraceError('FOLDER_NOT_EMPTY', `making a project in ${dir}, which is not empty`, {
      hint: 'Take another name.',
    })
  }
  const { 'profiles.yml': profile = '', ...others } = filesOf(name)
  const files = options.profile === false ? others : { ...others, 'profiles.yml': profile }
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), text)
  }
  return Object.keys(files)
}

function filesOf(name: string): Record<string, string> {
  return {
    'dbt_project.yml': `name: ${name}
version: '1.0.0'
profile: ${name}

model-paths: [models]
seed-paths: [seeds]
test-paths: [tests]
macro-paths: [macros]
snapshot-paths: [snapshots]
analysis-paths: [analyses]
clean-targets: [target]

models:
  ${name}:
    staging:
      +materialized: view
    marts:
      +materialized: table
`,
    'profiles.yml': `${name}:
  target: dev
  outputs:
    dev:
      type: duckdb
      path: ${name}.duckdb
      threads: 4
`,
    'seeds/raw_orders.csv':
      'id,customer,amount,ordered_on\n1,ann,20,2024-01-01\n2,bob,35,2024-01-01\n3,ann,15,2024-01-02\n',
    'models/staging/stg_orders.sql':
      "select id as order_id, customer, amount, ordered_on from {{ ref('raw_orders') }}\n",
    'models/marts/customers.sql':
      "select customer, count(*) as orders, sum(amount) as spent from {{ ref('stg_orders') }} group by customer\n",
    'models/schema.yml': `models:
  - name: stg_orders
    description: One row an order.
    columns:
      - name: order_id
        data_tests: [unique, not_null]
  - name: customers
    description: What each customer spent.
    columns:
      - name: customer
        data_tests: [unique, not_null]
`,
    '.gitignore': 'target/\ndbt_packages/\nlogs/\n*.duckdb\n*.duckdb.*\n',
  }
}
