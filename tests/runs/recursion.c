// Recursion is any number of times, whoever begins it.
static int odd(int n);

static int walk(int n) { return n ? walk(n - 1) : 0; } // runs: any run "which leads back"
static int even(int n) { return n ? odd(n - 1) : 1; }  // runs: any run
static int odd(int n) { return n ? even(n - 1) : 0; }  // runs: any run
static int leaf(int n) { return n; }                   // runs: once run
static int below(int n) { return leaf(n); }            // runs: once run

static int visit(int n, int (*each)(int)) { return n ? each(n - 1) : 0; } // runs: any run
static int again(int n) { return visit(n, again); }                      // runs: any run

int main(int argc, char **argv) { // runs: once run
  (void)argv;
  return walk(argc) + even(argc) + below(argc) + again(argc);
}
