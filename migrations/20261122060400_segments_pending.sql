-- Entries of the search index wait in a list of pending ones again, and go into the index by the thousand: one by one they
-- took a megabyte of write-ahead log a meeting. Searches go through what waits, so the list is kept short.

-- +goose Up

alter index transcript_segments_words set (fastupdate = on, gin_pending_list_limit = 1024);
