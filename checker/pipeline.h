/* pipeline.h - the commands that analyse and report. Each returns the exit code of the process. */
#ifndef PIPELINE_H
#define PIPELINE_H

#include "cli/options.h"

int pipeline_check(const Options *);    // compile_commands.json -> findings
int pipeline_baseline(const Options *); // the same, and keeps the findings or compares with them
int pipeline_report(const Options *);   // the last run again, from the database

int pipeline_tu(const Options *);   // some of the units, into a shard
int pipeline_link(const Options *); // all shards, from there on as check

#endif
