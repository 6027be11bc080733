select * from {{ var('upstream') }}
