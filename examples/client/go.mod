module github.com/tertulia-dev/tertulia/examples/client

go 1.26.0

require github.com/tertulia-dev/tertulia v0.0.0

replace github.com/tertulia-dev/tertulia => ../..
