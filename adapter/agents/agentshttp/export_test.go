package agentshttp

// RegisterChatsWithin is RegisterChats for readers with less time, so that a test need not wait for those who stall.
var RegisterChatsWithin = registerChats

// WriteWithin is the time that readers have.
const WriteWithin = writeWithin
