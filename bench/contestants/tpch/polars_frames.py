# The same queries in Polars' lazy API, in the steps of frames.ts. Arguments: the folder of tables, the file of results.
import json, sys, time
from datetime import date as day
from decimal import Decimal
import polars as pl

folder, output = sys.argv[1:3]
col, lit = pl.col, pl.lit

def table(name):
    return pl.scan_parquet(f'{folder}/{name}.parquet')

customer, lineitem, nation, orders, part, partsupp, region, supplier = map(
    table, ('customer', 'lineitem', 'nation', 'orders', 'part', 'partsupp', 'region', 'supplier'))
# Polars rounds a product of decimals to their scale, so products are of doubles.
def double(name):
    return col(name).cast(pl.Float64)

revenue = double('l_extendedprice') * (1 - double('l_discount'))

def within(name, start, end):
    return (col(name) >= day.fromisoformat(start)) & (col(name) < day.fromisoformat(end))

def q1():
    return (lineitem.filter(col('l_shipdate') <= day(1998, 9, 2)).group_by('l_returnflag', 'l_linestatus')
            .agg(col('l_quantity').sum().alias('sum_qty'), col('l_extendedprice').sum().alias('sum_base_price'),
                 revenue.sum().alias('sum_disc_price'), (revenue * (1 + double('l_tax'))).sum().alias('sum_charge'),
                 double('l_quantity').mean().alias('avg_qty'),
                 double('l_extendedprice').mean().alias('avg_price'),
                 double('l_discount').mean().alias('avg_disc'), pl.len().alias('count_order'))
            .sort('l_returnflag', 'l_linestatus'))

def q2():
    offers = (region.filter(col('r_name') == 'EUROPE').join(nation, left_on='r_regionkey', right_on='n_regionkey')
              .join(supplier, left_on='n_nationkey', right_on='s_nationkey')
              .join(partsupp, left_on='s_suppkey', right_on='ps_suppkey')
              .join(part.filter((col('p_size') == 15) & col('p_type').str.ends_with('BRASS')),
                    left_on='ps_partkey', right_on='p_partkey').rename({'ps_partkey': 'p_partkey'}))
    cheapest = offers.group_by('p_partkey').agg(col('ps_supplycost').min())
    return (offers.join(cheapest, on=['p_partkey', 'ps_supplycost'])
            .select('s_acctbal', 's_name', 'n_name', 'p_partkey', 'p_mfgr', 's_address', 's_phone', 's_comment')
            .sort('s_acctbal', 'n_name', 's_name', 'p_partkey', descending=[True, False, False, False]).head(100))

def q3():
    return (customer.filter(col('c_mktsegment') == 'BUILDING')
            .join(orders.filter(col('o_orderdate') < day(1995, 3, 15)), left_on='c_custkey', right_on='o_custkey')
            .join(lineitem.filter(col('l_shipdate') > day(1995, 3, 15)), left_on='o_orderkey', right_on='l_orderkey')
            .group_by('o_orderkey', 'o_orderdate', 'o_shippriority').agg(revenue.sum().alias('revenue'))
            .select('o_orderkey', 'revenue', 'o_orderdate', 'o_shippriority')
            .sort('revenue', 'o_orderdate', descending=[True, False]).head(10))

def q4():
    return (orders.filter(within('o_orderdate', '1993-07-01', '1993-10-01'))
            .join(lineitem.filter(col('l_commitdate') < col('l_receiptdate')), left_on='o_orderkey',
                  right_on='l_orderkey', how='semi')
            .group_by('o_orderpriority').agg(pl.len().alias('order_count')).sort('o_orderpriority'))

def q5():
    return (region.filter(col('r_name') == 'ASIA').join(nation, left_on='r_regionkey', right_on='n_regionkey')
            .join(customer, left_on='n_nationkey', right_on='c_nationkey')
            .join(orders.filter(within('o_orderdate', '1994-01-01', '1995-01-01')),
                  left_on='c_custkey', right_on='o_custkey')
            .join(lineitem, left_on='o_orderkey', right_on='l_orderkey')
            .join(supplier, left_on=['l_suppkey', 'n_nationkey'], right_on=['s_suppkey', 's_nationkey'])
            .group_by('n_name').agg(revenue.sum().alias('revenue')).sort('revenue', descending=True))

def q6():
    return (lineitem.filter(within('l_shipdate', '1994-01-01', '1995-01-01'))
            .filter(col('l_discount').is_between(lit(Decimal('0.05')), lit(Decimal('0.07'))) & (col('l_quantity') < 24))
            .select((double('l_extendedprice') * double('l_discount')).sum().alias('revenue')))

def q7():
    two = nation.filter(col('n_name').is_in(['FRANCE', 'GERMANY']))
    start = two.select(supp_key='n_nationkey', supp_nation='n_name')
    end = two.select(cust_key='n_nationkey', cust_nation='n_name')
    return (supplier.join(start, left_on='s_nationkey', right_on='supp_key')
            .join(lineitem.filter(col('l_shipdate').is_between(day(1995, 1, 1), day(1996, 12, 31))),
                  left_on='s_suppkey', right_on='l_suppkey')
            .join(orders, left_on='l_orderkey', right_on='o_orderkey')
            .join(customer, left_on='o_custkey', right_on='c_custkey')
            .join(end, left_on='c_nationkey', right_on='cust_key')
            .filter(col('supp_nation') != col('cust_nation'))
            .select('supp_nation', 'cust_nation', col('l_shipdate').dt.year().alias('l_year'), revenue.alias('volume'))
            .group_by('supp_nation', 'cust_nation', 'l_year').agg(col('volume').sum().alias('revenue'))
            .sort('supp_nation', 'cust_nation', 'l_year'))

def q8():
    return (part.filter(col('p_type') == 'ECONOMY ANODIZED STEEL')
            .join(lineitem, left_on='p_partkey', right_on='l_partkey')
            .join(orders.filter(col('o_orderdate').is_between(day(1995, 1, 1), day(1996, 12, 31))),
                  left_on='l_orderkey', right_on='o_orderkey')
            .join(customer, left_on='o_custkey', right_on='c_custkey')
            .join(nation.select('n_nationkey', 'n_regionkey'), left_on='c_nationkey', right_on='n_nationkey')
            .join(region.filter(col('r_name') == 'AMERICA'), left_on='n_regionkey', right_on='r_regionkey')
            .join(supplier, left_on='l_suppkey', right_on='s_suppkey')
            .join(nation.select(from_key='n_nationkey', nation='n_name'), left_on='s_nationkey', right_on='from_key')
            .select(col('o_orderdate').dt.year().alias('o_year'), revenue.alias('volume'), 'nation')
            .group_by('o_year')
            .agg((col('volume').filter(col('nation') == 'BRAZIL').sum().cast(pl.Float64)
                  / col('volume').sum()).alias('mkt_share'))
            .sort('o_year'))

def q9():
    return (part.filter(col('p_name').str.contains('green', literal=True))
            .join(lineitem, left_on='p_partkey', right_on='l_partkey')
            .join(supplier, left_on='l_suppkey', right_on='s_suppkey')
            .join(partsupp, left_on=['l_suppkey', 'p_partkey'], right_on=['ps_suppkey', 'ps_partkey'])
            .join(orders, left_on='l_orderkey', right_on='o_orderkey')
            .join(nation, left_on='s_nationkey', right_on='n_nationkey')
            .select(col('n_name').alias('nation'), col('o_orderdate').dt.year().alias('o_year'),
                    (revenue - double('ps_supplycost') * double('l_quantity')).alias('amount'))
            .group_by('nation', 'o_year').agg(col('amount').sum().alias('sum_profit'))
            .sort('nation', 'o_year', descending=[False, True]))

def q10():
    keys = ['c_custkey', 'c_name', 'c_acctbal', 'c_phone', 'n_name', 'c_address', 'c_comment']
    return (customer.join(orders.filter(within('o_orderdate', '1993-10-01', '1994-01-01')),
                          left_on='c_custkey', right_on='o_custkey')
            .join(lineitem.filter(col('l_returnflag') == 'R'), left_on='o_orderkey', right_on='l_orderkey')
            .join(nation, left_on='c_nationkey', right_on='n_nationkey')
            .group_by(keys).agg(revenue.sum().alias('revenue'))
            .select('c_custkey', 'c_name', 'revenue', 'c_acctbal', 'n_name', 'c_address', 'c_phone', 'c_comment')
            .sort('revenue', descending=True).head(20))

def q11():
    german = (partsupp.join(supplier, left_on='ps_suppkey', right_on='s_suppkey')
              .join(nation.filter(col('n_name') == 'GERMANY'), left_on='s_nationkey', right_on='n_nationkey')
              .with_columns(worth=double('ps_supplycost') * col('ps_availqty')))
    least = german.select((col('worth').sum() * 0.0001).alias('least'))
    return (german.group_by('ps_partkey').agg(col('worth').sum().alias('value')).join(least, how='cross')
            .filter(col('value') > col('least')).select('ps_partkey', 'value')
            .sort('value', descending=True))

def q12():
    urgent = col('o_orderpriority').is_in(['1-URGENT', '2-HIGH'])
    return (lineitem.filter(col('l_shipmode').is_in(['MAIL', 'SHIP']))
            .filter((col('l_commitdate') < col('l_receiptdate')) & (col('l_shipdate') < col('l_commitdate')))
            .filter(within('l_receiptdate', '1994-01-01', '1995-01-01'))
            .join(orders, left_on='l_orderkey', right_on='o_orderkey')
            .group_by('l_shipmode').agg(urgent.sum().alias('high_line_count'), (~urgent).sum().alias('low_line_count'))
            .sort('l_shipmode'))

def q13():
    return (customer.join(orders.filter(~col('o_comment').str.contains('special.*requests')),
                          left_on='c_custkey', right_on='o_custkey', how='left')
            .group_by('c_custkey').agg(col('o_orderkey').count().alias('c_count'))
            .group_by('c_count').agg(pl.len().alias('custdist'))
            .sort('custdist', 'c_count', descending=[True, True]))

def q14():
    promo = pl.when(col('p_type').str.starts_with('PROMO')).then(revenue).otherwise(0)
    return (lineitem.filter(within('l_shipdate', '1995-09-01', '1995-10-01'))
            .join(part, left_on='l_partkey', right_on='p_partkey')
            .select((100 * promo.sum() / revenue.sum()).alias('promo_revenue')))

def q15():
    earned = (lineitem.filter(within('l_shipdate', '1996-01-01', '1996-04-01'))
              .group_by(col('l_suppkey').alias('supplier_no')).agg(revenue.sum().alias('total_revenue')))
    return (supplier.join(earned, left_on='s_suppkey', right_on='supplier_no')
            .filter(col('total_revenue') == col('total_revenue').max())
            .select('s_suppkey', 's_name', 's_address', 's_phone', 'total_revenue').sort('s_suppkey'))

def q16():
    return (partsupp.join(part.filter((col('p_brand') != 'Brand#45')
                                      & ~col('p_type').str.starts_with('MEDIUM POLISHED')
                                      & col('p_size').is_in([49, 14, 23, 45, 19, 3, 36, 9])),
                          left_on='ps_partkey', right_on='p_partkey')
            .join(supplier.filter(col('s_comment').str.contains('Customer.*Complaints')),
                  left_on='ps_suppkey', right_on='s_suppkey', how='anti')
            .group_by('p_brand', 'p_type', 'p_size').agg(col('ps_suppkey').n_unique().alias('supplier_cnt'))
            .sort('supplier_cnt', 'p_brand', 'p_type', 'p_size', descending=[True, False, False, False]))

def q17():
    wanted = part.filter((col('p_brand') == 'Brand#23') & (col('p_container') == 'MED BOX'))
    small = (lineitem.join(wanted, left_on='l_partkey', right_on='p_partkey', how='semi')
             .group_by('l_partkey').agg((double('l_quantity').mean() * 0.2).alias('small')))
    return (lineitem.join(wanted, left_on='l_partkey', right_on='p_partkey').join(small, on='l_partkey')
            .filter(double('l_quantity') < col('small'))
            .select((col('l_extendedprice').sum().cast(pl.Float64) / 7).alias('avg_yearly')))

def q18():
    large = (lineitem.group_by('l_orderkey').agg(col('l_quantity').sum().alias('quantity'))
             .filter(col('quantity') > 300))
    return (orders.join(large, left_on='o_orderkey', right_on='l_orderkey', how='semi')
            .join(customer, left_on='o_custkey', right_on='c_custkey')
            .join(lineitem, left_on='o_orderkey', right_on='l_orderkey')
            .group_by('c_name', 'o_custkey', 'o_orderkey', 'o_orderdate', 'o_totalprice')
            .agg(col('l_quantity').sum().alias('quantity'))
            .sort('o_totalprice', 'o_orderdate', descending=[True, False]).head(100))

def q19():
    def kind(brand, containers, quantity, size):
        return ((col('p_brand') == brand) & col('p_container').is_in(containers)
                & col('l_quantity').is_between(quantity, quantity + 10) & col('p_size').is_between(1, size))
    return (lineitem.filter(col('l_shipmode').is_in(['AIR', 'AIR REG']) & (col('l_shipinstruct') == 'DELIVER IN PERSON'))
            .join(part, left_on='l_partkey', right_on='p_partkey')
            .filter(kind('Brand#12', ['SM CASE', 'SM BOX', 'SM PACK', 'SM PKG'], 1, 5)
                    | kind('Brand#23', ['MED BAG', 'MED BOX', 'MED PKG', 'MED PACK'], 10, 10)
                    | kind('Brand#34', ['LG CASE', 'LG BOX', 'LG PACK', 'LG PKG'], 20, 15))
            .select(revenue.sum().alias('revenue')))

def q20():
    forest = part.filter(col('p_name').str.starts_with('forest'))
    shipped = (lineitem.filter(within('l_shipdate', '1994-01-01', '1995-01-01'))
               .join(forest, left_on='l_partkey', right_on='p_partkey', how='semi')
               .group_by('l_partkey', 'l_suppkey').agg((col('l_quantity').sum().cast(pl.Float64) * 0.5).alias('half')))
    excess = (partsupp.join(forest, left_on='ps_partkey', right_on='p_partkey', how='semi')
              .join(shipped, left_on=['ps_partkey', 'ps_suppkey'], right_on=['l_partkey', 'l_suppkey'])
              .filter(col('ps_availqty') > col('half')))
    return (supplier.join(nation.filter(col('n_name') == 'CANADA'), left_on='s_nationkey', right_on='n_nationkey')
            .join(excess, left_on='s_suppkey', right_on='ps_suppkey', how='semi')
            .select('s_name', 's_address').sort('s_name'))

def q21():
    late = lineitem.filter(col('l_receiptdate') > col('l_commitdate'))
    several = lineitem.group_by('l_orderkey').agg(col('l_suppkey').n_unique().alias('n')).filter(col('n') > 1)
    late_of = late.group_by('l_orderkey').agg(col('l_suppkey').n_unique().alias('late_n')).filter(col('late_n') == 1)
    return (late.join(supplier, left_on='l_suppkey', right_on='s_suppkey')
            .join(nation.filter(col('n_name') == 'SAUDI ARABIA'), left_on='s_nationkey', right_on='n_nationkey')
            .join(orders.filter(col('o_orderstatus') == 'F'), left_on='l_orderkey', right_on='o_orderkey')
            .join(several, on='l_orderkey', how='semi').join(late_of, on='l_orderkey', how='semi')
            .group_by('s_name').agg(pl.len().alias('numwait'))
            .sort('numwait', 's_name', descending=[True, False]).head(100))

def q22():
    chosen = (customer.with_columns(cntrycode=col('c_phone').str.slice(0, 2))
              .filter(col('cntrycode').is_in(['13', '31', '23', '29', '30', '18', '17'])))
    usual = chosen.filter(col('c_acctbal') > 0).select(double('c_acctbal').mean().alias('usual'))
    return (chosen.join(usual, how='cross').filter(double('c_acctbal') > col('usual'))
            .join(orders, left_on='c_custkey', right_on='o_custkey', how='anti')
            .group_by('cntrycode').agg(pl.len().alias('numcust'), col('c_acctbal').sum().alias('totacctbal'))
            .sort('cntrycode'))

QUERIES = [q1, q2, q3, q4, q5, q6, q7, q8, q9, q10, q11, q12, q13, q14, q15, q16, q17, q18, q19, q20, q21, q22]

def one_pass():
    return [query().collect().rows() for query in QUERIES]

one_pass()
began, cpu = time.perf_counter(), time.process_time()
results = one_pass()
seconds, used = time.perf_counter() - began, time.process_time() - cpu
json.dump([[[None if value is None else str(value) for value in row] for row in rows] for rows in results],
          open(output, 'w'), ensure_ascii=False)
print('BENCH ' + json.dumps({'seconds': seconds, 'cpuSeconds': used}), flush=True)
