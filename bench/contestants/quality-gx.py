# Great Expectations on pandas: the suite over a Parquet file. Arguments: input, suite, output (a JSON list of verdicts).
import json, sys
import great_expectations as gx, pandas

source, suite_file, target = sys.argv[1:4]
context = gx.get_context(mode='ephemeral')
frame = pandas.read_parquet(source)
batch = (context.data_sources.add_pandas('pandas').add_dataframe_asset('rows')
         .add_batch_definition_whole_dataframe('all').get_batch({'dataframe': frame}))
suite = gx.ExpectationSuite(name='rows')
stated = json.load(open(suite_file))['expectations']
for number, one in enumerate(stated):
    cls = getattr(gx.expectations, ''.join(part.capitalize() for part in one['type'].split('_')))
    suite.add_expectation(cls(**one['kwargs'], meta={'n': number}))
result = batch.validate(suite)
verdicts = {one.expectation_config.meta['n']: (one.success, one.result.get('unexpected_count')) for one in result.results}
json.dump([verdicts[n] for n in range(len(stated))], open(target, 'w'))
