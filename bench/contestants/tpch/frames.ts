// The 22 queries of TPC-H (specification 3.0.1, clause 2.4, with its validation parameters) as frames.
import {
  avg,
  type Column,
  col,
  count,
  countDistinct,
  type Frame,
  lit,
  max,
  min,
  substring,
  sum,
  when,
  year,
} from 'millrace/frame'

/** The tables of the benchmark by name. */
export type Tables = Readonly<
  Record<'customer' | 'lineitem' | 'nation' | 'orders' | 'part' | 'partsupp' | 'region' | 'supplier', Frame>
>

const date = (text: string): Column => lit(text).cast('date')
const decimal = (text: string): Column => lit(text).cast(`decimal(${text.length},${text.split('.')[1]?.length ?? 0})`)
const revenue = col('l_extendedprice').multiply(lit(1).minus(col('l_discount')))
const within = (column: string, from: string, to: string): Column =>
  col(column)
    .ge(date(from))
    .and(col(column).lt(date(to)))

/** Query 1, the pricing summary report. */
export const q1 = ({ lineitem }: Tables): Frame =>
  lineitem
    .filter(col('l_shipdate').le(date('1998-09-02')))
    .groupBy('l_returnflag', 'l_linestatus')
    .agg(
      sum('l_quantity').as('sum_qty'),
      sum('l_extendedprice').as('sum_base_price'),
      sum(revenue).as('sum_disc_price'),
      sum(revenue.multiply(lit(1).plus(col('l_tax')))).as('sum_charge'),
      avg('l_quantity').as('avg_qty'),
      avg('l_extendedprice').as('avg_price'),
      avg('l_discount').as('avg_disc'),
      count().as('count_order'),
    )
    .orderBy('l_returnflag', 'l_linestatus')

/** Query 2, the minimum cost supplier. */
export const q2 = ({ part, supplier, partsupp, nation, region }: Tables): Frame => {
  const offers = region
    .filter(col('r_name').eq('EUROPE'))
    .join(nation, col('r_regionkey').eq(col('n_regionkey')))
    .join(supplier, col('n_nationkey').eq(col('s_nationkey')))
    .join(partsupp, col('s_suppkey').eq(col('ps_suppkey')))
    .join(part.filter(col('p_size').eq(15).and(col('p_type').like('%BRASS'))), col('ps_partkey').eq(col('p_partkey')))
  const cheapest = offers.groupBy('p_partkey').agg(min('ps_supplycost').as('ps_supplycost'))
  return offers
    .join(cheapest, ['p_partkey', 'ps_supplycost'])
    .select('s_acctbal', 's_name', 'n_name', 'p_partkey', 'p_mfgr', 's_address', 's_phone', 's_comment')
    .orderBy(col('s_acctbal').desc(), 'n_name', 's_name', 'p_partkey')
    .limit(100)
}

/** Query 3, the shipping priority. */
export const q3 = ({ customer, orders, lineitem }: Tables): Frame =>
  customer
    .filter(col('c_mktsegment').eq('BUILDING'))
    .join(orders.filter(col('o_orderdate').lt(date('1995-03-15'))), col('c_custkey').eq(col('o_custkey')))
    .join(lineitem.filter(col('l_shipdate').gt(date('1995-03-15'))), col('o_orderkey').eq(col('l_orderkey')))
    .groupBy('l_orderkey', 'o_orderdate', 'o_shippriority')
    .agg(sum(revenue).as('revenue'))
    .select('l_orderkey', 'revenue', 'o_orderdate', 'o_shippriority')
    .orderBy(col('revenue').desc(), 'o_orderdate')
    .limit(10)

/** Query 4, the order priority check. */
export const q4 = ({ orders, lineitem }: Tables): Frame =>
  orders
    .filter(within('o_orderdate', '1993-07-01', '1993-10-01'))
    .join(
      lineitem.filter(col('l_commitdate').lt(col('l_receiptdate'))),
      col('o_orderkey').eq(col('l_orderkey')),
      'semi',
    )
    .groupBy('o_orderpriority')
    .agg(count().as('order_count'))
    .orderBy('o_orderpriority')

/** Query 5, the local supplier volume. */
export const q5 = ({ customer, orders, lineitem, supplier, nation, region }: Tables): Frame =>
  customer
    .join(orders.filter(within('o_orderdate', '1994-01-01', '1995-01-01')), col('c_custkey').eq(col('o_custkey')))
    .join(lineitem, col('o_orderkey').eq(col('l_orderkey')))
    .join(
      supplier,
      col('l_suppkey')
        .eq(col('s_suppkey'))
        .and(col('c_nationkey').eq(col('s_nationkey'))),
    )
    .join(nation, col('s_nationkey').eq(col('n_nationkey')))
    .join(region.filter(col('r_name').eq('ASIA')), col('n_regionkey').eq(col('r_regionkey')))
    .groupBy('n_name')
    .agg(sum(revenue).as('revenue'))
    .orderBy(col('revenue').desc())

/** Query 6, the forecast of a change of revenue. */
export const q6 = ({ lineitem }: Tables): Frame =>
  lineitem
    .filter(within('l_shipdate', '1994-01-01', '1995-01-01'))
    .filter(col('l_discount').between(decimal('0.05'), decimal('0.07')))
    .filter(col('l_quantity').lt(24))
    .agg(sum(col('l_extendedprice').multiply(col('l_discount'))).as('revenue'))

/** Query 7, the volume of shipping. */
export const q7 = ({ supplier, lineitem, orders, customer, nation }: Tables): Frame => {
  const two = nation.filter(col('n_name').isin('FRANCE', 'GERMANY'))
  const from = two.select(col('n_nationkey').as('supp_key'), col('n_name').as('supp_nation'))
  const to = two.select(col('n_nationkey').as('cust_key'), col('n_name').as('cust_nation'))
  return supplier
    .join(from, col('s_nationkey').eq(col('supp_key')))
    .join(
      lineitem.filter(col('l_shipdate').between(date('1995-01-01'), date('1996-12-31'))),
      col('s_suppkey').eq(col('l_suppkey')),
    )
    .join(orders, col('l_orderkey').eq(col('o_orderkey')))
    .join(customer, col('o_custkey').eq(col('c_custkey')))
    .join(
      to,
      col('c_nationkey')
        .eq(col('cust_key'))
        .and(col('supp_nation').ne(col('cust_nation'))),
    )
    .select('supp_nation', 'cust_nation', year('l_shipdate').as('l_year'), revenue.as('volume'))
    .groupBy('supp_nation', 'cust_nation', 'l_year')
    .agg(sum('volume').as('revenue'))
    .orderBy('supp_nation', 'cust_nation', 'l_year')
}

/** Query 8, the national market share. */
export const q8 = ({ part, supplier, lineitem, orders, customer, nation, region }: Tables): Frame =>
  region
    .filter(col('r_name').eq('AMERICA'))
    .join(nation.select('n_nationkey', 'n_regionkey'), col('r_regionkey').eq(col('n_regionkey')))
    .join(customer, col('n_nationkey').eq(col('c_nationkey')))
    .join(
      orders.filter(col('o_orderdate').between(date('1995-01-01'), date('1996-12-31'))),
      col('c_custkey').eq(col('o_custkey')),
    )
    .join(lineitem, col('o_orderkey').eq(col('l_orderkey')))
    .join(part.filter(col('p_type').eq('ECONOMY ANODIZED STEEL')), col('l_partkey').eq(col('p_partkey')))
    .join(supplier, col('l_suppkey').eq(col('s_suppkey')))
    .join(
      nation.select(col('n_nationkey').as('from_key'), col('n_name').as('nation')),
      col('s_nationkey').eq(col('from_key')),
    )
    .select(year('o_orderdate').as('o_year'), revenue.as('volume'), 'nation')
    .groupBy('o_year')
    .agg(
      sum(when(col('nation').eq('BRAZIL'), col('volume')).otherwise(0))
        .divide(sum('volume'))
        .as('mkt_share'),
    )
    .orderBy('o_year')

/** Query 9, the profit by product type. */
export const q9 = ({ part, supplier, lineitem, partsupp, orders, nation }: Tables): Frame =>
  part
    .filter(col('p_name').like('%green%'))
    .join(lineitem, col('p_partkey').eq(col('l_partkey')))
    .join(supplier, col('l_suppkey').eq(col('s_suppkey')))
    .join(
      partsupp,
      col('l_suppkey')
        .eq(col('ps_suppkey'))
        .and(col('l_partkey').eq(col('ps_partkey'))),
    )
    .join(orders, col('l_orderkey').eq(col('o_orderkey')))
    .join(nation, col('s_nationkey').eq(col('n_nationkey')))
    .select(
      col('n_name').as('nation'),
      year('o_orderdate').as('o_year'),
      revenue.minus(col('ps_supplycost').multiply(col('l_quantity'))).as('amount'),
    )
    .groupBy('nation', 'o_year')
    .agg(sum('amount').as('sum_profit'))
    .orderBy('nation', col('o_year').desc())

/** Query 10, returned items. */
export const q10 = ({ customer, orders, lineitem, nation }: Tables): Frame =>
  customer
    .join(orders.filter(within('o_orderdate', '1993-10-01', '1994-01-01')), col('c_custkey').eq(col('o_custkey')))
    .join(lineitem.filter(col('l_returnflag').eq('R')), col('o_orderkey').eq(col('l_orderkey')))
    .join(nation, col('c_nationkey').eq(col('n_nationkey')))
    .groupBy('c_custkey', 'c_name', 'c_acctbal', 'c_phone', 'n_name', 'c_address', 'c_comment')
    .agg(sum(revenue).as('revenue'))
    .select('c_custkey', 'c_name', 'revenue', 'c_acctbal', 'n_name', 'c_address', 'c_phone', 'c_comment')
    .orderBy(col('revenue').desc())
    .limit(20)

/** Query 11, the important stock. */
export const q11 = ({ partsupp, supplier, nation }: Tables): Frame => {
  const german = partsupp
    .join(supplier, col('ps_suppkey').eq(col('s_suppkey')))
    .join(nation.filter(col('n_name').eq('GERMANY')), col('s_nationkey').eq(col('n_nationkey')))
    .withColumn('worth', col('ps_supplycost').multiply(col('ps_availqty')))
  const least = german.agg(sum('worth').multiply(decimal('0.0001000000')).as('least'))
  return german
    .groupBy('ps_partkey')
    .agg(sum('worth').as('value'))
    .crossJoin(least)
    .filter(col('value').gt(col('least')))
    .select('ps_partkey', 'value')
    .orderBy(col('value').desc())
}

/** Query 12, shipping modes and order priority. */
export const q12 = ({ orders, lineitem }: Tables): Frame => {
  const urgent = col('o_orderpriority').isin('1-URGENT', '2-HIGH')
  return lineitem
    .filter(col('l_shipmode').isin('MAIL', 'SHIP'))
    .filter(
      col('l_commitdate')
        .lt(col('l_receiptdate'))
        .and(col('l_shipdate').lt(col('l_commitdate'))),
    )
    .filter(within('l_receiptdate', '1994-01-01', '1995-01-01'))
    .join(orders, col('l_orderkey').eq(col('o_orderkey')))
    .groupBy('l_shipmode')
    .agg(
      sum(when(urgent, 1).otherwise(0)).as('high_line_count'),
      sum(when(urgent, 0).otherwise(1)).as('low_line_count'),
    )
    .orderBy('l_shipmode')
}

/** Query 13, the distribution of customers. */
export const q13 = ({ customer, orders }: Tables): Frame =>
  customer
    .join(
      orders.filter(col('o_comment').like('%special%requests%').not()),
      col('c_custkey').eq(col('o_custkey')),
      'left',
    )
    .groupBy('c_custkey')
    .agg(count('o_orderkey').as('c_count'))
    .groupBy('c_count')
    .agg(count().as('custdist'))
    .orderBy(col('custdist').desc(), col('c_count').desc())

/** Query 14, the effect of a promotion. */
export const q14 = ({ lineitem, part }: Tables): Frame =>
  lineitem
    .filter(within('l_shipdate', '1995-09-01', '1995-10-01'))
    .join(part, col('l_partkey').eq(col('p_partkey')))
    .agg(
      decimal('100.00')
        .multiply(sum(when(col('p_type').like('PROMO%'), revenue).otherwise(0)))
        .divide(sum(revenue))
        .as('promo_revenue'),
    )

/** Query 15, the top supplier. */
export const q15 = ({ lineitem, supplier }: Tables): Frame => {
  const earned = lineitem
    .filter(within('l_shipdate', '1996-01-01', '1996-04-01'))
    .groupBy(col('l_suppkey').as('supplier_no'))
    .agg(sum(revenue).as('total_revenue'))
  const most = earned.agg(max('total_revenue').as('most'))
  return supplier
    .join(earned, col('s_suppkey').eq(col('supplier_no')))
    .join(most, col('total_revenue').eq(col('most')))
    .select('s_suppkey', 's_name', 's_address', 's_phone', 'total_revenue')
    .orderBy('s_suppkey')
}

/** Query 16, the relation of parts and suppliers. */
export const q16 = ({ partsupp, part, supplier }: Tables): Frame =>
  partsupp
    .join(
      part
        .filter(col('p_brand').ne('Brand#45'))
        .filter(col('p_type').like('MEDIUM POLISHED%').not())
        .filter(col('p_size').isin(49, 14, 23, 45, 19, 3, 36, 9)),
      col('ps_partkey').eq(col('p_partkey')),
    )
    .join(
      supplier.filter(col('s_comment').like('%Customer%Complaints%')),
      col('ps_suppkey').eq(col('s_suppkey')),
      'anti',
    )
    .groupBy('p_brand', 'p_type', 'p_size')
    .agg(countDistinct('ps_suppkey').as('supplier_cnt'))
    .orderBy(col('supplier_cnt').desc(), 'p_brand', 'p_type', 'p_size')

/** Query 17, the revenue of small orders. */
export const q17 = ({ lineitem, part }: Tables): Frame => {
  const wanted = part.filter(col('p_brand').eq('Brand#23').and(col('p_container').eq('MED BOX')))
  const small = lineitem
    .join(wanted, col('l_partkey').eq(col('p_partkey')), 'semi')
    .groupBy(col('l_partkey').as('small_key'))
    .agg(avg('l_quantity').multiply(decimal('0.2')).as('small'))
  return lineitem
    .join(wanted, col('l_partkey').eq(col('p_partkey')))
    .join(small, col('p_partkey').eq(col('small_key')))
    .filter(col('l_quantity').lt(col('small')))
    .agg(sum('l_extendedprice').divide(decimal('7.0')).as('avg_yearly'))
}

/** Query 18, the customers with large orders. */
export const q18 = ({ customer, orders, lineitem }: Tables): Frame => {
  const large = lineitem
    .groupBy(col('l_orderkey').as('large_key'))
    .agg(sum('l_quantity').as('quantity'))
    .filter(col('quantity').gt(300))
  return orders
    .join(large, col('o_orderkey').eq(col('large_key')), 'semi')
    .join(customer, col('o_custkey').eq(col('c_custkey')))
    .join(lineitem, col('o_orderkey').eq(col('l_orderkey')))
    .groupBy('c_name', 'c_custkey', 'o_orderkey', 'o_orderdate', 'o_totalprice')
    .agg(sum('l_quantity').as('sum(l_quantity)'))
    .orderBy(col('o_totalprice').desc(), 'o_orderdate')
    .limit(100)
}

/** Query 19, the discounted revenue. */
export const q19 = ({ lineitem, part }: Tables): Frame => {
  const kind = (brand: string, containers: string[], quantity: number, size: number): Column =>
    col('p_brand')
      .eq(brand)
      .and(col('p_container').isin(containers))
      .and(col('l_quantity').between(quantity, quantity + 10))
      .and(col('p_size').between(1, size))
  return lineitem
    .filter(col('l_shipmode').isin('AIR', 'AIR REG').and(col('l_shipinstruct').eq('DELIVER IN PERSON')))
    .join(part, col('l_partkey').eq(col('p_partkey')))
    .filter(
      kind('Brand#12', ['SM CASE', 'SM BOX', 'SM PACK', 'SM PKG'], 1, 5)
        .or(kind('Brand#23', ['MED BAG', 'MED BOX', 'MED PKG', 'MED PACK'], 10, 10))
        .or(kind('Brand#34', ['LG CASE', 'LG BOX', 'LG PACK', 'LG PKG'], 20, 15)),
    )
    .agg(sum(revenue).as('revenue'))
}

/** Query 20, the potential promotion of parts. */
export const q20 = ({ supplier, nation, partsupp, part, lineitem }: Tables): Frame => {
  const forest = part.filter(col('p_name').like('forest%'))
  const shipped = lineitem
    .filter(within('l_shipdate', '1994-01-01', '1995-01-01'))
    .join(forest, col('l_partkey').eq(col('p_partkey')), 'semi')
    .groupBy('l_partkey', 'l_suppkey')
    .agg(sum('l_quantity').multiply(decimal('0.5')).as('half'))
  const excess = partsupp
    .join(forest, col('ps_partkey').eq(col('p_partkey')), 'semi')
    .join(
      shipped,
      col('ps_partkey')
        .eq(col('l_partkey'))
        .and(col('ps_suppkey').eq(col('l_suppkey'))),
    )
    .filter(col('ps_availqty').gt(col('half')))
  return supplier
    .join(nation.filter(col('n_name').eq('CANADA')), col('s_nationkey').eq(col('n_nationkey')))
    .join(excess, col('s_suppkey').eq(col('ps_suppkey')), 'semi')
    .select('s_name', 's_address')
    .orderBy('s_name')
}

/** Query 21, the suppliers who kept orders waiting. */
export const q21 = ({ supplier, lineitem, orders, nation }: Tables): Frame => {
  const late = lineitem.filter(col('l_receiptdate').gt(col('l_commitdate')))
  const others = lineitem.select(col('l_orderkey').as('other_order'), col('l_suppkey').as('other_supplier'))
  const lateOthers = late.select(col('l_orderkey').as('other_order'), col('l_suppkey').as('other_supplier'))
  const another = col('l_orderkey')
    .eq(col('other_order'))
    .and(col('l_suppkey').ne(col('other_supplier')))
  return late
    .join(
      supplier.join(nation.filter(col('n_name').eq('SAUDI ARABIA')), col('s_nationkey').eq(col('n_nationkey'))),
      col('l_suppkey').eq(col('s_suppkey')),
    )
    .join(orders.filter(col('o_orderstatus').eq('F')), col('l_orderkey').eq(col('o_orderkey')))
    .join(others, another, 'semi')
    .join(lateOthers, another, 'anti')
    .groupBy('s_name')
    .agg(count().as('numwait'))
    .orderBy(col('numwait').desc(), 's_name')
    .limit(100)
}

/** Query 22, the opportunity for global sales. */
export const q22 = ({ customer, orders }: Tables): Frame => {
  const chosen = customer
    .withColumn('cntrycode', substring('c_phone', 1, 2))
    .filter(col('cntrycode').isin('13', '31', '23', '29', '30', '18', '17'))
  const usual = chosen.filter(col('c_acctbal').gt(0)).agg(avg('c_acctbal').as('usual'))
  return chosen
    .join(usual, col('c_acctbal').gt(col('usual')))
    .join(orders, col('c_custkey').eq(col('o_custkey')), 'anti')
    .groupBy('cntrycode')
    .agg(count().as('numcust'), sum('c_acctbal').as('totacctbal'))
    .orderBy('cntrycode')
}

/** All queries in their order. */
export const QUERIES: readonly ((tables: Tables) => Frame)[] = [
  q1, q2, q3, q4, q5, q6, q7, q8, q9, q10, q11, q12, q13, q14, q15, q16, q17, q18, q19, q20, q21, q22,
] // biome-ignore format: a table
