select missing_column from {{ ref('points_model') }}
