select
    {{ graph.metrics | length if execute else 0 }} as metrics,
    {{ graph.exposures | length if execute else 0 }} as exposures,
    {{ graph.unit_tests | length if execute else 0 }} as unit_tests,
    {{ graph.semantic_models | length if execute else 0 }} as semantic_models
    , '{{ graph.nodes.values() | selectattr("resource_type", "equalto", "model") | rejectattr("time_spine", "none") | map(attribute="name") | join(",") if execute }}' as spines
