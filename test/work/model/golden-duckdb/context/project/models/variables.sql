/*
{{ var('number') }} {{ var('flag') }} {{ var('list') }} {{ var('tree').a.b }} {{ var('own') }} {{ var('given') }} {{ var('nope', 'otherwise') }} {{ var('nope', default=none) }} {{ var.has_var('number') }} {{ var.has_var('nope') }}
{{ env_var('NO_SUCH_VARIABLE_HERE', 'fallback') }} {{ env_var('NO_SUCH_VARIABLE_HERE', 5) }}
{{ project_name }} {{ target.type }} {{ target.schema }} {{ target['name'] }} {{ target.database }} {{ target.get('nope', 'none') }} {{ adapter.type() }} {{ execute }}
{{ this }} {{ this.schema }} {{ this.identifier }} {{ this.name }} {{ model.name }} {{ model.resource_type }} {{ model.package_name }} {{ model.config.materialized }} {{ model['meta'] }} {{ config.get('meta') }} {{ model.unique_id }}
{{ config.get('materialized') }} {{ config.get('nope') }} {{ config.get('nope', 'dflt') }} {{ config.get('unique_key', 'dflt') }} {{ config.meta_get('owner') }} {{ config.require('materialized') }} {{ config.persist_column_docs() }}
{{ flags.FULL_REFRESH }} {{ flags.WHICH }} {{ flags.STORE_FAILURES }} {{ run_started_at is defined }} {{ run_started_at.strftime('%Y') | length }} {{ invocation_id | length }} {{ run_started_at.tzinfo is none }} {{ thread_id is string }}
{{ ref('things') }} {{ ref('told', 'things') }} {{ ref('things').identifier }} {{ builtins.ref('things').schema }} {{ source is callable }} {{ graph.nodes is mapping }} {{ graph.nodes.values() | selectattr('resource_type', 'equalto', 'seed') | map(attribute='name') | list }}
{{ context.get('nope', 'absent') }} {{ 'ref' in context }} {{ context['var']('number') }} {{ dbt.type_string() }} {{ api.Column.translate_type('string') }} {{ dbt_version is string }} {{ schema }} {{ database }}
*/ select 1 as x
