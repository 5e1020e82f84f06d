/* G-F7, IDIOMS C31: an element leaves by its own links, in a file that never names the head. Which
 * list it leaves is told by the field: it leaves `jobs`, and not `all_jobs`. */
#include "job.h"
#include <stdlib.h>
#include <unistd.h>

void job_done(struct job *job) {
  close(job->socket);
  link_cut(&job->node);
}
