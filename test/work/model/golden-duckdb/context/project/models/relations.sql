{% set r = api.Relation.create(database='db', schema='sch', identifier='ident', type='view') %}
/*
{{ r }} {{ r.include(database=false) }} {{ r.include(schema=false, database=false) }} {{ r.quote(identifier=false) }} {{ r.incorporate(path={'identifier': 'j'}, type='table').is_table }} {{ r.replace_path(schema='t') }} {{ r.without_identifier() }}
{{ r.is_view }} {{ r.is_table }} {{ r.is_cte }} {{ r.type }} {{ r.table }} {{ r.path.schema }} {{ r.matches(schema='sch') }} {{ r.matches(identifier='other') }} {{ r.information_schema() }} {{ r.information_schema('columns') }} {{ r.render() }}
{{ api.Relation.create(identifier='only') }} {{ api.Relation.create(schema='s', identifier='i').database is none }} {{ r == api.Relation.create(database='db', schema='sch', identifier='ident', type='view') }} {{ r is mapping }} {{ r.get('metadata', {}).get('type', '').endswith('Relation') }} {{ r in [r] }} {{ r | string | length }} {{ 'x: ' ~ r }} {{ '%s' % r }} {{ '{}'.format(r) }}
{{ r.can_be_renamed }} {{ r.can_be_replaced }} {{ r.quoted('a') }} {{ adapter.quote('a') }} {{ adapter.quote_as_configured('a', 'identifier') }} {{ adapter.quote_seed_column('a', none) }} {{ adapter.quote_seed_column('a', false) }}
{% for t in ['VARCHAR', 'INTEGER', 'DECIMAL(10,2)', 'DOUBLE', 'text', 'STRUCT(a VARCHAR, b INTEGER)', 'BIGINT[]', 'numeric'] %}{% set c = api.Column.create('n', t) %}{{ c.name }} {{ c.quoted }} {{ c.dtype }} {{ c.data_type }} {{ c.is_string() }} {{ c.is_number() }} {{ c.is_integer() }} {{ c.is_float() }} {{ c.is_numeric() }} {{ c.is_struct() }} {{ c.flatten() | map(attribute='name') | join('+') }}
{% endfor %}
{{ api.Column.numeric_type('decimal', 5, 2) }} {{ api.Column.string_type(5) }} {{ api.Column('n', 'INTEGER').literal(1) }} {{ api.Column.create('a', 'text').string_size() }}
*/ select 1 as x
