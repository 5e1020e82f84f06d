/* What libraries make: declared here, as these may not be installed. */
#include <stdlib.h>

typedef struct bio BIO;
typedef struct bio_method BIO_METHOD;
BIO *BIO_new(const BIO_METHOD *);
BIO *BIO_new_mem_buf(const void *, int);
BIO *BIO_push(BIO *, BIO *);
int BIO_free(BIO *);
void BIO_free_all(BIO *);
int BIO_read(BIO *, void *, int);
const BIO_METHOD *BIO_f_base64(void);
typedef struct ssl SSL;
SSL *SSL_new(void *);
void SSL_free(SSL *);
void SSL_set_bio(SSL *, BIO *, BIO *);
int SSL_connect(SSL *);

typedef struct sqlite3 sqlite3;
typedef struct sqlite3_stmt sqlite3_stmt;
int sqlite3_open(const char *, sqlite3 **);
int sqlite3_close(sqlite3 *);
int sqlite3_prepare_v2(sqlite3 *, const char *, int, sqlite3_stmt **, const char **);
int sqlite3_step(sqlite3_stmt *);
int sqlite3_finalize(sqlite3_stmt *);

typedef void *gzFile;
gzFile gzopen(const char *, const char *);
int gzread(gzFile, void *, unsigned);
int gzclose(gzFile);

typedef void CURL;
CURL *curl_easy_init(void);
int curl_easy_setopt(CURL *, int, ...);
int curl_easy_perform(CURL *);
void curl_easy_cleanup(CURL *);

char *g_strdup(const char *);
char *g_build_filename(const char *, ...);
int g_file_test(const char *, int);
void g_free(void *);

int decodes(const void *from, int size, void *to) {
  BIO *base = BIO_new(BIO_f_base64());
  if (!base)
    return -1;
  BIO *memory = BIO_new_mem_buf(from, size);
  if (!memory)
    return -1; // expect: resource-leak "the BIO 'base' is not given back"
  base = BIO_push(base, memory);
  int length = BIO_read(base, to, size);
  BIO_free_all(base);
  return length;
}

int secures(void *context, const void *from, int size) {
  SSL *ssl = SSL_new(context);
  BIO *memory = BIO_new_mem_buf(from, size);
  if (!ssl || !memory) {
    SSL_free(ssl);
    BIO_free(memory);
    return -1;
  }
  SSL_set_bio(ssl, memory, memory);
  int result = SSL_connect(ssl);
  SSL_free(ssl);
  return result;
}

/* A connection has to be closed even when it could not be opened. */
int counts(const char *path) {
  sqlite3 *db;
  sqlite3_stmt *all;
  if (sqlite3_open(path, &db))
    return -1; // expect: resource-leak "'db'"
  if (sqlite3_prepare_v2(db, "select 1", -1, &all, NULL)) {
    sqlite3_close(db);
    return -1;
  }
  int rows = 0;
  while (sqlite3_step(all) == 100)
    rows++;
  sqlite3_finalize(all);
  sqlite3_close(db);
  return rows;
}

int counts_right(const char *path) {
  sqlite3 *db;
  sqlite3_stmt *all;
  int rows = -1;
  if (!sqlite3_open(path, &db) && !sqlite3_prepare_v2(db, "select 1", -1, &all, NULL)) {
    for (rows = 0; sqlite3_step(all) == 100;)
      rows++;
    sqlite3_finalize(all);
  }
  sqlite3_close(db);
  return rows;
}

int unpacks(const char *path, void *to, unsigned size) {
  gzFile file = gzopen(path, "rb");
  if (!file)
    return -1;
  int length = gzread(file, to, size);
  if (length < 0)
    return -2; // expect: resource-leak "the gzFile 'file'"
  gzclose(file);
  return length;
}

int fetches(const char *url) {
  CURL *easy = curl_easy_init();
  if (!easy)
    return -1;
  if (curl_easy_setopt(easy, 10002, url))
    return -1; // expect: resource-leak "the CURL 'easy'"
  int result = curl_easy_perform(easy);
  curl_easy_cleanup(easy);
  return result;
}

int is_there(const char *folder, const char *name, int quick) {
  char *path = g_build_filename(folder, name, NULL);
  if (quick)
    return 1; // expect: resource-leak "the memory 'path'"
  int result = g_file_test(path, 1);
  g_free(path);
  return result;
}

typedef struct x509 X509;
void X509_free(X509 *);
X509 *PEM_read_bio_X509(BIO *, X509 **, void *, void *);
int X509_check_private_key(const X509 *, const void *);

/* What is read is left where the caller says, and is the result as well. */
int reads_into(BIO *in, const void *key) {
  X509 *certificate = NULL;
  if (!PEM_read_bio_X509(in, &certificate, NULL, NULL))
    return -1;
  int fits = X509_check_private_key(certificate, key);
  X509_free(certificate);
  return fits;
}

int reads_into_and_leaves(BIO *in, const void *key) {
  X509 *certificate = NULL;
  if (PEM_read_bio_X509(in, &certificate, NULL, NULL) == NULL)
    return -1;
  if (!X509_check_private_key(certificate, key))
    return -1; // expect: resource-leak "the X509 'certificate' is not given back"
  X509_free(certificate);
  return 0;
}

int reads(BIO *in, const void *key) {
  X509 *certificate = PEM_read_bio_X509(in, NULL, NULL, NULL);
  if (!certificate)
    return -1;
  return X509_check_private_key(certificate, key); // expect: resource-leak "the X509 'certificate' is not given back"
}
