"""Makes a Great Expectations project in a folder and records what its checkpoints answer, batch by batch.

usage: record-project.py FOLDER   (Python with great-expectations 1.24, pandas)

The folder then holds data/, gx/ as Great Expectations writes it, and answers.json: checkpoint → batch parameters and
results. test/work/quality/gx-project/golden was made by it.
"""
import json
import os
import shutil
import sys

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd

folder = os.path.abspath(sys.argv[1])
shutil.rmtree(folder, ignore_errors=True)
os.makedirs(os.path.join(folder, 'data', 'by_region', 'north'))
os.chdir(folder)

ORDERS = {
    '2024-01': 'id,amount,status,day,flag,code\n1,10.5,paid,2024-01-03,True,007\n2,,open,2024-01-04,False,12\n'
    '3,-4,paid,2024-01-05,True,9\n4,1e3,"a, b",,,\n5,NaN,N/A,2024-01-07,False,1\n',
    '2024-02': 'id,amount,status,day,flag,code\n6,7,open,2024-02-03,True,1\n6,8,lost,2024-02-04,False,2\n',
    '2023-12': 'id,amount,status,day,flag,code\n0,1,paid,2023-12-31,True,3\n',
}
for month, text in ORDERS.items():
    with open(f'data/orders_{month}.csv', 'w') as file:
        file.write(text)
with open('data/semi.csv', 'w') as file:
    file.write('# exported\nid;price;note\n1;1,50;x\n2;-;y\n3;2,25;\n')
with open('data/events.jsonl', 'w') as file:
    file.write('{"id": 1, "kind": "a", "score": 0.5}\n{"id": 2, "kind": null, "score": 2}\n')
with open('data/by_region/north/stock.csv', 'w') as file:
    file.write('item,units\npen,3\ncup,0\n')
pd.DataFrame({'id': [1, 2, 3], 'name': ['x', None, 'zz'], 'rate': [0.1, 0.2, None]}).to_parquet('data/rates.parquet')

context = gx.get_context(mode='file', project_root_dir=folder)
files = context.data_sources.add_pandas_filesystem('files', base_directory='data')
orders = files.add_csv_asset('orders')
batches = {
    'one': orders.add_batch_definition_path('one', path='orders_2024-01.csv'),
    'monthly': orders.add_batch_definition_monthly('monthly', regex=r'orders_(?P<year>\d{4})-(?P<month>\d{2})\.csv'),
    'newest_first': orders.add_batch_definition_monthly(
        'newest_first', regex=r'orders_(?P<year>\d{4})-(?P<month>\d{2})\.csv', sort_ascending=False),
    'yearly': orders.add_batch_definition_yearly('yearly', regex=r'orders_(?P<year>\d{4})-\d{2}\.csv'),
}
semi = files.add_csv_asset('semi', sep=';', decimal=',', skiprows=1, na_values='-', dtype={'id': 'str'})
stock = files.add_csv_asset('stock')
events = files.add_json_asset('events', lines=True)
rates = files.add_parquet_asset('rates')
lone = context.data_sources.add_pandas('lone').add_csv_asset(
    'jan', filepath_or_buffer='data/orders_2024-01.csv', nrows=3)
others = {
    'semi': semi.add_batch_definition_path('semi', path='semi.csv'),
    'stock': stock.add_batch_definition_path('stock', path='by_region/north/stock.csv'),
    'events': events.add_batch_definition_path('events', path='events.jsonl'),
    'rates': rates.add_batch_definition_path('rates', path='rates.parquet'),
    'lone': lone.add_batch_definition_whole_dataframe('all'),
}


def suite(name, *expectations):
    return context.suites.add(gx.ExpectationSuite(name, expectations=list(expectations)))


suites = {
    'orders': suite(
        'orders',
        gxe.ExpectColumnValuesToNotBeNull(column='amount', mostly=0.5),
        gxe.ExpectColumnValuesToBeBetween(column='amount', min_value=0, max_value=100, severity='warning'),
        gxe.ExpectColumnValuesToBeUnique(column='id'),
        gxe.ExpectColumnValuesToBeInSet(column='status', value_set=['paid', 'open']),
        gxe.ExpectColumnValuesToMatchRegex(column='day', regex=r'^2024-0[12]-\d\d$', meta={'why': 'a day'}),
        gxe.ExpectTableRowCountToBeBetween(min_value=1, max_value={'$PARAMETER': 'most'}),
        gxe.ExpectTableColumnsToMatchOrderedList(column_list=['id', 'amount', 'status', 'day', 'flag', 'code']),
        gxe.ExpectColumnMeanToBeBetween(column='code', min_value=0, max_value=8),
        gxe.ExpectColumnValuesToNotBeNull(column='nowhere'),
        gxe.ExpectColumnSumToBeBetween(column='amount', min_value=0, row_condition='status != "lost" and id >= 0',
                                       condition_parser='pandas'),
    ),
    'semi': suite(
        'semi',
        gxe.ExpectColumnSumToBeBetween(column='price', min_value=3, max_value=4),
        gxe.ExpectColumnValuesToNotBeNull(column='price'),
        gxe.ExpectColumnValueLengthsToEqual(column='id', value=1),
        gxe.ExpectTableColumnCountToEqual(value=3),
    ),
    'stock': suite('stock', gxe.ExpectColumnMinToBeBetween(column='units', min_value=0),
                   gxe.ExpectColumnDistinctValuesToEqualSet(column='item', value_set=['pen', 'cup'])),
    'events': suite('events', gxe.ExpectColumnValuesToNotBeNull(column='kind'),
                    gxe.ExpectColumnMaxToBeBetween(column='score', max_value=2)),
    'rates': suite('rates', gxe.ExpectColumnValuesToNotBeNull(column='rate'),
                   gxe.ExpectColumnMedianToBeBetween(column='rate', min_value=0.1, max_value=0.2),
                   gxe.ExpectColumnUniqueValueCountToBeBetween(column='name', min_value=2, max_value=2)),
    'lone': suite('lone', gxe.ExpectTableRowCountToEqual(value=3), gxe.ExpectTableColumnCountToEqual(value=6),
                  gxe.ExpectColumnValuesToBeInSet(column='status', value_set=['paid'])),
}


def validation(name, batch, suite_name):
    return context.validation_definitions.add(
        gx.ValidationDefinition(name=name, data=batch, suite=suites[suite_name]))


of_orders = {name: validation(f'orders {name}', batch, 'orders') for name, batch in batches.items()}
of_others = [validation(name, batch, name) for name, batch in others.items()]
checkpoints = {
    'daily': context.checkpoints.add(gx.Checkpoint(name='daily', validation_definitions=list(of_orders.values()))),
    'others': context.checkpoints.add(gx.Checkpoint(
        name='others', validation_definitions=of_others,
        result_format={'result_format': 'COMPLETE', 'partial_unexpected_count': 2})),
    'monthly': context.checkpoints.add(gx.Checkpoint(
        name='monthly', validation_definitions=[of_orders['monthly']], result_format='BASIC')),
}

answers = []
for name, parameters in [
    ('daily', None), ('others', None), ('monthly', None), ('monthly', {'year': '2024', 'month': '01'}),
    ('monthly', {'year': '2023'}), ('monthly', {'path': 'orders_2024-02.csv'}),
]:
    run = checkpoints[name].run(batch_parameters=parameters, expectation_parameters={'most': 4})
    results = [one.to_json_dict() for one in run.run_results.values()]
    for result in results:
        for each in result['results']:
            info = each['exception_info']
            raised = info.get('raised_exception', any(
                isinstance(one, dict) and one.get('raised_exception') for one in info.values()))
            each['exception_info'] = {'raised_exception': raised}
            if raised:
                each['result'] = {}
        result['meta'] = {'active_batch_definition': result['meta']['active_batch_definition']}
    answers.append({'checkpoint': name, 'parameters': parameters, 'success': run.success, 'results': results})
with open('answers.json', 'w') as file:
    json.dump(answers, file, indent=1)
    file.write('\n')
shutil.rmtree('gx/uncommitted')
shutil.rmtree('gx/plugins')
os.remove('gx/.gitignore')
