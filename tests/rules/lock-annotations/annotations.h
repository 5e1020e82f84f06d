/* Both styles as projects have them: attributes for clang only, macros that are empty but for
 * sparse. */
#if defined(__clang__)
#define CAPABILITY(name) __attribute__((capability(name)))
#define ACQUIRE(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define ACQUIRE_SHARED(...) __attribute__((acquire_shared_capability(__VA_ARGS__)))
#define TRY_ACQUIRE(...) __attribute__((try_acquire_capability(__VA_ARGS__)))
#define RELEASE(...) __attribute__((release_capability(__VA_ARGS__)))
#define REQUIRES(...) __attribute__((requires_capability(__VA_ARGS__)))
#define EXCLUDES(...) __attribute__((locks_excluded(__VA_ARGS__)))
#define NO_CHECK __attribute__((no_thread_safety_analysis))
#define THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define CAPABILITY(name)
#define ACQUIRE(...)
#define ACQUIRE_SHARED(...)
#define TRY_ACQUIRE(...)
#define RELEASE(...)
#define REQUIRES(...)
#define EXCLUDES(...)
#define NO_CHECK
#define THREAD_ATTRIBUTE(x)
#endif
#define LOCKS_OLD(m) THREAD_ATTRIBUTE(exclusive_lock_function(m))
#define UNLOCKS_OLD(m) THREAD_ATTRIBUTE(unlock_function(m))

#ifdef __CHECKER__
#define __acquires(x) __attribute__((context(x, 0, 1)))
#define __releases(x) __attribute__((context(x, 1, 0)))
#define __must_hold(x) __attribute__((context(x, 1, 1)))
#define __cond_acquires(x) __attribute__((context(x, 0, -1)))
#else
#define __acquires(x)
#define __releases(x)
#define __must_hold(x)
#define __cond_acquires(x)
#endif
