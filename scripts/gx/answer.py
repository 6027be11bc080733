"""Answers expectations with Great Expectations on pandas, or on SQLite where pandas knows none; run by scripts/gx/ask.ts.

Standard input: one JSON document {"tables": [...], "cases": [...]}. Standard output: one line of JSON for each case:
the expectation's result, or {"error": ...} where Great Expectations refuses or raises.
"""
import datetime
import decimal
import json
import logging
import sys
import tempfile
import warnings

warnings.simplefilter('ignore')
logging.disable(logging.CRITICAL)
import great_expectations as gx
import pandas as pd
import pyarrow as pa
import sqlalchemy
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

ARROW = {'long': pa.int64(), 'double': pa.float64(), 'string': pa.string(), 'boolean': pa.bool_(),
         'date': pa.date32(), 'timestamp': pa.timestamp('us'), 'decimal': pa.decimal128(10, 2)}
READ = {'double': float, 'date': datetime.date.fromisoformat, 'timestamp': datetime.datetime.fromisoformat,
        'decimal': decimal.Decimal}


def frame(table):
    arrays = {}
    for column in table['columns']:
        read = READ.get(column['kind'], lambda value: value)
        values = [None if value is None else read(value) for value in column['values']]
        arrays[column['name']] = pa.array(values, ARROW[column['kind']])
    # As pandas.read_parquet would have it.
    return pa.table(arrays).to_pandas()


asked = json.load(sys.stdin)
context = gx.get_context(mode='ephemeral')
context.variables.progress_bars = {'globally': False}
source = context.data_sources.add_pandas('pandas')
on_pandas, on_sqlite = [], []
address = f'sqlite:///{tempfile.mkdtemp()}/tables.db'


@sqlalchemy.event.listens_for(sqlalchemy.engine.Engine, 'connect')
def mind_case(connection, _):
    connection.execute('pragma case_sensitive_like = on')


database = context.data_sources.add_sqlite('sqlite', connection_string=address)
for number, table in enumerate(asked['tables']):
    definition = source.add_dataframe_asset(f't{number}').add_batch_definition_whole_dataframe('all')
    rows = frame(table)
    on_pandas.append(definition.get_batch({'dataframe': rows}))
    rows = rows.copy()
    for column in table['columns']:
        if column['kind'] == 'decimal':
            rows[column['name']] = rows[column['name']].astype(float)
    rows.to_sql(f't{number}', sqlalchemy.create_engine(address), index=False)
    asset = database.add_table_asset(f't{number}', table_name=f't{number}')
    on_sqlite.append(asset.add_batch_definition_whole_table('all').get_batch())


def plain(value):
    """What to_json_dict of Great Expectations leaves as numpy's own."""
    return value.item() if hasattr(value, 'item') else str(value)


for case in asked['cases']:
    try:
        expectation = ExpectationConfiguration(type=case['type'], kwargs=case['kwargs']).to_domain_obj()
        batch = (on_sqlite if case['sql'] else on_pandas)[case['table']]
        result = batch.validate(expectation, result_format=case['format'])
        info = result.exception_info
        raised = info.get('raised_exception') or next(
            (one for one in info.values() if isinstance(one, dict) and one.get('raised_exception')), None)
        if raised:
            told = info if info.get('raised_exception') else raised
            answer = {'error': str(told.get('exception_message'))[:200]}
        else:
            try:
                result = result.to_json_dict()
            except TypeError:
                result = {'success': result.success, 'result': result.result}
            answer = {'success': result['success'], 'result': result['result']}
    except Exception as thrown:
        answer = {'error': f'{type(thrown).__name__}: {thrown}'[:200]}
    print(json.dumps(answer, default=plain), flush=True)
