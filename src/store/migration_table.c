/* migration_table.c: the table generated from sql/migrations. Exports migration_table.h. */
#include "store/migration_table.h"

#include "migration_table.inc"

struct migration_list migration_list_all(void) {
    return (struct migration_list){
        migration_table, sizeof migration_table / sizeof migration_table[0]};
}
