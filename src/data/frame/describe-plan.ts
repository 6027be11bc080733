import { formatPlace, formatType, type Place } from '../../base/kernel/index.ts'
import { type Expr, exprName } from './expr.ts'
import { childrenOf, inputsOf, type Plan, type PlanInputs } from './plan.ts'

/** A plan for people and graphs. */
export interface DescribedPlan extends PlanInputs {
  /** The steps as an indented tree, last step first, as Spark's `explain` writes them. */
  readonly tree: string
  /** One line: `parquet lake://events → filter → aggregate`. */
  readonly summary: string
}

/** What a plan reads and does, without running it. */
export function describePlan(plan: Plan): DescribedPlan {
  return { ...inputsOf(plan), tree: treeOf(plan), summary: summaryOf(plan) }
}

/** One step as text: `Filter [(date = 2024-01-01)]`. */
export function stepText(plan: Plan): string {
  const of = (exprs: readonly Expr[]) => `[${exprs.map(textOf).join(', ')}]`
  switch (plan.op) {
    case 'read':
      if (plan.ipc !== undefined) return `Arrow of ${Math.floor((plan.ipc.length * 3) / 4)} bytes`
      return `Read ${plan.format} ${plan.paths.join(', ')}`
    case 'table':
      return `Table ${plan.name}${plan.version === undefined ? '' : ` version ${plan.version}`}`
    case 'rows':
      return `Rows [${plan.schema.fields.map((field) => field.name).join(', ')}], ${plan.rows.length}`
    case 'range':
      return `Range ${plan.start} to ${plan.end}${plan.step === 1 ? '' : ` by ${plan.step}`}`
    case 'input':
      return `Input ${plan.name}`
    case 'sql':
      return `Sql ${plan.text.replace(/\s+/g, ' ').trim()}`
    case 'toDF':
      return `ToDF [${plan.names.join(', ')}]`
    case 'unpivot':
      return `Unpivot ${of(plan.ids)}, ${plan.values ? of(plan.values) : '*'} AS ${plan.variable}, ${plan.value}`
    case 'na':
      return `Na${plan.how}${plan.columns ? ` [${plan.columns.join(', ')}]` : ''}`
    case 'summary':
      return `Summary [${plan.statistics.join(', ')}]`
    case 'cache':
      return 'Cache'
    case 'engineSemantics':
      return 'EngineSemantics'
    case 'watermark':
      return `Watermark ${plan.column}, ${plan.delay}`
    case 'to':
      return `To [${plan.schema.fields.map((field) => `${field.name} ${formatType(field.type)}`).join(', ')}]`
    case 'transpose':
      return `Transpose${plan.index ? ` ${textOf(plan.index)}` : ''}`
    case 'index':
      return `Index ${plan.name}`
    case 'project':
      return `Project ${of(plan.columns)}`
    case 'filter':
      return `Filter [${textOf(plan.condition)}]`
    case 'withColumns':
      return `WithColumns [${plan.columns.map(({ name, expr }) => `${textOf(expr)} AS ${name}`).join(', ')}]`
    case 'drop':
      return `Drop [${plan.columns.join(', ')}]`
    case 'rename':
      return `Rename [${Object.entries(plan.names)
        .map(([from, to]) => `${from} AS ${to}`)
        .join(', ')}]`
    case 'aggregate':
      return `Aggregate ${of(plan.groups)}, ${of(plan.aggregates)}${
        plan.sets ? ` sets [${plan.sets.map((set) => `(${set.join(', ')})`).join(', ')}]` : ''
      }${plan.pivot ? ` pivot ${textOf(plan.pivot.column)}` : ''}`
    case 'join':
      return `Join ${plan.how}${plan.on.kind === 'using' ? ` using [${plan.on.columns.join(', ')}]` : plan.on.kind === 'condition' ? ` on [${textOf(plan.on.condition)}]` : ''}`
    case 'sort':
      return `Sort ${of(plan.by)}`
    case 'limit':
      return `Limit${plan.count === undefined ? '' : ` ${plan.count}`}${plan.offset === undefined ? '' : ` offset ${plan.offset}`}`
    case 'distinct':
      return `Distinct${plan.withinWatermark ? ' within watermark' : ''}${plan.on ? ` [${plan.on.join(', ')}]` : ''}`
    case 'set':
      return `${plan.how[0]?.toUpperCase()}${plan.how.slice(1)}${plan.all ? ' all' : ''}${plan.byName ? ' by name' : ''}`
    case 'alias':
      return `Alias ${plan.name}`
    case 'sample':
      return `Sample ${plan.fraction} seed ${plan.seed}${plan.replacement ? ' with replacement' : ''}`
  }
}

function textOf(expr: Expr): string {
  return expr.kind === 'alias' ? `${exprName(expr.arg)} AS ${expr.name}` : exprName(expr)
}

function treeOf(plan: Plan, depth = 0): string {
  const place: Place | undefined = plan.at
  const line = `${'   '.repeat(Math.max(0, depth - 1))}${depth > 0 ? '+- ' : ''}${stepText(plan)}${place ? `   (${formatPlace(place)})` : ''}`
  return [line, ...childrenOf(plan).map((child) => treeOf(child, depth + 1))].join('\n')
}

function summaryOf(plan: Plan): string {
  const [first, second] = childrenOf(plan)
  if (first === undefined)
    return stepText(plan)
      .toLowerCase()
      .replace(/^read /, '')
  const before = second === undefined ? summaryOf(first) : `(${summaryOf(first)}; ${summaryOf(second)})`
  return `${before} → ${plan.op === 'set' ? plan.how : plan.op}`
}
