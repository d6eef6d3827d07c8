package batchcallspg

import "time"

// How long tests wait for what others do, and how often they look.
const (
	waitLimit = 10 * time.Second
	tick      = time.Millisecond
)
