"""What the stick answers to each EZSP command, one module a chapter of UG100; `table` joins them."""
