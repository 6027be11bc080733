select null::integer as id
