# fish completion for bailey, made by: bailey completion fish
# To use it: put it as bailey.fish into ~/.config/fish/completions

function __bailey_containers
    set -l words (commandline -opc)
    $words[1] ps --all --quiet 2>/dev/null
end

# the command whose arguments are typed; after explain run, run
function __bailey_command
    set -l words (commandline -opc)
    if test "$words[2]" = explain; and contains run $words
        echo run
    else
        echo $words[2]
    end
end

# the arguments of the command so far, without options and their values
function __bailey_operands
    set -l words (commandline -opc)
    set -l command (__bailey_command)
    set -l valued (__bailey_valued $command)
    set -l from 3
    if test "$words[2]" = explain -a $command = run
        set from (math (contains -i run $words) + 1)
    end
    set -l ended 0
    set -l skip 0
    for word in $words[$from..-1]
        if test $ended = 1
            printf '%s\n' $word
        else if test $skip = 1
            set skip 0
        else if test "$word" = --
            set ended 1
        else if contains -- $word $valued
            set skip 1
        else if not string match -q -- '-*' $word
            printf '%s\n' $word
            contains $command run exec clone explain oci; and set ended 1
        end
    end
end

# whether the options of a command can be typed: not after those of a program
function __bailey_options_of
    test "$(__bailey_command)" = $argv[1]; or return
    contains $argv[1] run exec clone explain oci; or return 0
    test (count (__bailey_operands)) = 0
end

# whether argument number $argv[2] of a command is typed, or with $argv[3] a later one
function __bailey_operand_of
    test "$(__bailey_command)" = $argv[1]; or return
    set -l count (count (__bailey_operands))
    test $count = $argv[2]; or test "$argv[3]" = more -a $count -gt $argv[2]
end

# a program and its arguments, after $argv[1] arguments of bailey's own
function __bailey_program
    set -l words (__bailey_operands)
    test (count $words) -gt $argv[1]; or string match -qv -- '-*' (commandline -ct); or return
    set -l line (string escape -- $words[(math $argv[1] + 1)..-1]) (commandline -ct)
    complete --do-complete="$line"
end

function __bailey_valued
    switch $argv[1]
        case run
            printf '%s\n' --name --hostname --log -m --memory --pids --cpus --cpuset-cpus --set --rlimit --timeout --root -v --bind --proc --tmpfs --reveal -u --user -w --workdir -e --env --cap-add --cap-drop --seccomp --userns --net --new --share --join -H --hierarchy
        case exec
            printf '%s\n' -u --user -w --workdir -e --env -H --hierarchy
        case enter
            printf '%s\n' -o --only -e --env -H --hierarchy
        case create
            printf '%s\n' -m --memory --pids --cpus --cpuset-cpus --set --new --on-empty -H --hierarchy
        case attach
            printf '%s\n' -H --hierarchy
        case adopt
            printf '%s\n' --system -H --hierarchy
        case clone
            printf '%s\n' -m --memory --pids --cpus --cpuset-cpus --set --new -n --name --on-empty -H --hierarchy
        case ps
            printf '%s\n' -H --hierarchy
        case ls
            printf '%s\n' -H --hierarchy
        case show
            printf '%s\n' -H --hierarchy
        case stats
            printf '%s\n' --interval -H --hierarchy
        case events
            printf '%s\n' --interval -H --hierarchy
        case wait
            printf '%s\n' -H --hierarchy
        case report
            printf '%s\n' -H --hierarchy
        case kill
            printf '%s\n' -s --signal -H --hierarchy
        case freeze
            printf '%s\n' -H --hierarchy
        case thaw
            printf '%s\n' -H --hierarchy
        case rm
            printf '%s\n' -H --hierarchy
        case get
            printf '%s\n' --view -H --hierarchy
        case set
            printf '%s\n' --view -H --hierarchy
        case explain
            printf '%s\n' -H --hierarchy
        case namespaces
            printf '%s\n' -H --hierarchy
        case hierarchy
            printf '%s\n' -o --subsystems
        case mount
            printf '%s\n' -o --options --descriptor
        case oci
            printf '%s\n' --root --log --log-format --cgroup-manager --rootless --criu
    end
end

complete -c bailey -f
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a run -d 'runs a command in a new container'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a exec -d 'runs a further command in a container'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a enter -d 'runs a command of this machine in a container\'s namespaces'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a create -d 'makes a container for others to be in'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a attach -d 'puts running processes into a container'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a adopt -d 'puts the daemons of this machine into a container'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a clone -d 'gives a process a container in the one that it is in'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a ps -d 'lists containers, or the processes in them'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a ls -d 'shows the tree of containers and what they use'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a show -d 'shows what a container has of its own, shares, and holds'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a stats -d 'shows what containers use'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a events -d 'shows what happens to containers'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a wait -d 'waits until a container has ended'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a report -d 'tells why a container ended, and what it used'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a kill -d 'kills everything in a container, or sends a signal'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a freeze -d 'stops everything in a container where it is'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a thaw -d 'lets a frozen container go on'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a rm -d 'removes a container'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a get -d 'reads the limits and figures of a container'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a set -d 'changes a limit or another property of a container'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a explain -d 'shows each step that a run would do, and why'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a subsystems -d 'lists controllers and namespaces, and their controls'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a namespaces -d 'lists namespaces and what keeps each'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a hierarchy -d 'mounts, unmounts and lists hierarchies of containers'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a mount -d 'shows all containers as files and directories'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a umount -d 'takes a mount of bailey mount away'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a doctor -d 'checks what this machine and user can do'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a gc -d 'puts right what crashes and others left behind'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a oci -d 'is an OCI runtime: what container engines call'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a serve -d 'runs, shows or stops the resident planner'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a completion -d 'prints the completion script of a shell'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a version -d 'says which version this is'
complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a help -d 'explains a command, with examples'

complete -c bailey -n '__bailey_options_of run' -l name -r -f -d 'its name; with slashes, inside of others: ci/job-42'
complete -c bailey -n '__bailey_options_of run' -l hostname -r -f -d 'its host name; otherwise its name'
complete -c bailey -n '__bailey_options_of run' -l detach -s d -d 'starts it in the background and prints its name'
complete -c bailey -n '__bailey_options_of run' -l rm -d 'with --detach: keeps nothing but its report when it ends'
complete -c bailey -n '__bailey_options_of run' -l log -r -F -d 'with --detach: appends its output to FILE'
complete -c bailey -n '__bailey_options_of run' -l boundary -d 'lets it make containers in it, of which it is the root'
complete -c bailey -n '__bailey_options_of run' -l report -d 'tells at the end why it ended and what it used'
complete -c bailey -n '__bailey_options_of run' -l memory -s m -r -f -d 'most memory; beyond it, the kernel kills in it'
complete -c bailey -n '__bailey_options_of run' -l pids -r -f -d 'most processes and threads'
complete -c bailey -n '__bailey_options_of run' -l cpus -r -f -d 'most CPU time, in CPUs: 0.5 is half of one'
complete -c bailey -n '__bailey_options_of run' -l cpuset-cpus -r -f -d 'the CPUs that it may use'
complete -c bailey -n '__bailey_options_of run' -l set -r -f -d 'a control file, as bailey get lists them'
complete -c bailey -n '__bailey_options_of run' -l rlimit -r -f -d 'a limit for each process'
complete -c bailey -n '__bailey_options_of run' -l timeout -r -f -d 'kills everything in it after this time'
complete -c bailey -n '__bailey_options_of run' -l root -r -f -a '(__fish_complete_directories)' -d 'its root, instead of this machine\'s'
complete -c bailey -n '__bailey_options_of run' -l read-only -d 'its root cannot be written'
complete -c bailey -n '__bailey_options_of run' -l bind -s v -r -F -d 'shows a file or folder inside'
complete -c bailey -n '__bailey_options_of run' -l proc -r -f -a 'view host' -d 'view: /proc shows its own memory, CPUs, load; host: all'
complete -c bailey -n '__bailey_options_of run' -l tmpfs -r -f -d 'an empty folder in memory'
complete -c bailey -n '__bailey_options_of run' -l reveal -r -F -d 'shows a secret of this machine, hidden otherwise'
complete -c bailey -n '__bailey_options_of run' -l user -s u -r -f -a '(__fish_complete_users)' -d 'who COMMAND runs as: names or numbers'
complete -c bailey -n '__bailey_options_of run' -l workdir -s w -r -f -d 'its working directory inside; otherwise this one, or /'
complete -c bailey -n '__bailey_options_of run' -l env -s e -r -f -d 'sets a variable, or copies one from here'
complete -c bailey -n '__bailey_options_of run' -l tty -s t -d 'a terminal of its own'
complete -c bailey -n '__bailey_options_of run' -l interactive -s i -d 'accepted for those used to it: standard input is always connected'
complete -c bailey -n '__bailey_options_of run' -l clean-env -d 'starts from PATH, HOME and TERM, not from this environment'
complete -c bailey -n '__bailey_options_of run' -l init -d 'process 1 is bailey\'s, which reaps and forwards signals: the default'
complete -c bailey -n '__bailey_options_of run' -l no-init -d 'process 1 is COMMAND'
complete -c bailey -n '__bailey_options_of run' -l cap-add -r -f -d 'keeps further capabilities, such as net_raw,sys_time'
complete -c bailey -n '__bailey_options_of run' -l cap-drop -r -f -d 'drops capabilities; all drops every one not added'
complete -c bailey -n '__bailey_options_of run' -l seccomp -r -f -a 'default unconfined' -d 'system call filter: default or unconfined'
complete -c bailey -n '__bailey_options_of run' -l new-privileges -d 'lets set-user-id programs gain privileges'
complete -c bailey -n '__bailey_options_of run' -l userns -r -f -a 'auto host' -d 'auto: root inside is nobody outside; host: it is root'
complete -c bailey -n '__bailey_options_of run' -l net -r -f -a 'none host' -d 'none: only its own loopback, the default; host: this one\'s'
complete -c bailey -n '__bailey_options_of run' -l new -r -f -a 'pid mnt uts ipc net user cgroup time' -d 'has these alone of its own, and shares all others'
complete -c bailey -n '__bailey_options_of run' -l share -r -f -a 'pid mnt uts ipc net user cgroup time' -d 'shares some of this shell, such as ipc,uts'
complete -c bailey -n '__bailey_options_of run' -l join -r -f -d 'joins that of a container, or of a file: net=/run/net'
complete -c bailey -n '__bailey_options_of run' -l hierarchy -s H -r -f -d 'containers of that hierarchy; else of default'
complete -c bailey -n '__bailey_options_of run' -l help -s h -d 'Shows this help'
complete -c bailey -n '__bailey_operand_of run 0 more' -f -a '(__bailey_program 0)'

complete -c bailey -n '__bailey_options_of exec' -l user -s u -r -f -a '(__fish_complete_users)' -d 'who COMMAND runs as: names or numbers'
complete -c bailey -n '__bailey_options_of exec' -l workdir -s w -r -f -d 'its working directory inside; otherwise this one, or /'
complete -c bailey -n '__bailey_options_of exec' -l env -s e -r -f -d 'sets a variable, or copies one from here'
complete -c bailey -n '__bailey_options_of exec' -l tty -s t -d 'a terminal of its own'
complete -c bailey -n '__bailey_options_of exec' -l interactive -s i -d 'accepted for those used to it: standard input is always connected'
complete -c bailey -n '__bailey_options_of exec' -l hierarchy -s H -r -f -d 'containers of that hierarchy; else of default'
complete -c bailey -n '__bailey_options_of exec' -l help -s h -d 'Shows this help'
complete -c bailey -n '__bailey_operand_of exec 0' -f -a '(__bailey_containers)'
complete -c bailey -n '__bailey_operand_of exec 1 more' -f -a '(__bailey_program 1)'

complete -c bailey -n '__bailey_options_of enter' -l only -s o -r -f -d 'enters these namespaces and nothing else'
complete -c bailey -n '__bailey_options_of enter' -l tty -s t -d 'a terminal of its own; also for a shell on a terminal'
complete -c bailey -n '__bailey_options_of enter' -l env -s e -r -f -d 'sets a variable, or copies one from here'
complete -c bailey -n '__bailey_options_of enter' -l hierarchy -s H -r -f -d 'containers of that hierarchy; else of default'
complete -c bailey -n '__bailey_options_of enter' -l help -s h -d 'Shows this help'
complete -c bailey -n '__bailey_operand_of enter 0' -f -a '(__bailey_containers)'
complete -c bailey -n '__bailey_operand_of enter 1 more' -f -a '(__bailey_program 1)'

complete -c bailey -n '__bailey_options_of create' -l memory -s m -r -f -d 'most memory; beyond it, the kernel kills in it'
complete -c bailey -n '__bailey_options_of create' -l pids -r -f -d 'most processes and threads'
complete -c bailey -n '__bailey_options_of create' -l cpus -r -f -d 'most CPU time, in CPUs: 0.5 is half of one'
complete -c bailey -n '__bailey_options_of create' -l cpuset-cpus -r -f -d 'the CPUs that it may use'
complete -c bailey -n '__bailey_options_of create' -l set -r -f -d 'a control file, as bailey get lists them'
complete -c bailey -n '__bailey_options_of create' -l new -r -f -d 'namespaces made now, which stay without a process'
complete -c bailey -n '__bailey_options_of create' -l on-empty -r -f -a 'ignore notify delete' -d 'when its last process has left: ignore, notify, delete'
complete -c bailey -n '__bailey_options_of create' -l hierarchy -s H -r -f -d 'containers of that hierarchy; else of default'
complete -c bailey -n '__bailey_options_of create' -l help -s h -d 'Shows this help'

complete -c bailey -n '__bailey_options_of attach' -l tree -s r -d 'moves all descendants of each PID as well'
complete -c bailey -n '__bailey_options_of attach' -l thread -d 'each PID is a single thread; as far as the controllers know threads'
complete -c bailey -n '__bailey_options_of attach' -l json -d 'prints what moved and what did not as JSON'
complete -c bailey -n '__bailey_options_of attach' -l hierarchy -s H -r -f -d 'containers of that hierarchy; else of default'
complete -c bailey -n '__bailey_options_of attach' -l help -s h -d 'Shows this help'
complete -c bailey -n '__bailey_operand_of attach 0' -f -a '(__bailey_containers)'

complete -c bailey -n '__bailey_options_of adopt' -l system -r -f -a '(__bailey_containers)' -d 'the container for the system\'s daemons'
complete -c bailey -n '__bailey_options_of adopt' -l dry-run -s n -d 'moves nothing and prints what would be moved'
complete -c bailey -n '__bailey_options_of adopt' -l json -d 'prints JSON'
complete -c bailey -n '__bailey_options_of adopt' -l hierarchy -s H -r -f -d 'containers of that hierarchy; else of default'
complete -c bailey -n '__bailey_options_of adopt' -l help -s h -d 'Shows this help'

complete -c bailey -n '__bailey_options_of clone' -l memory -s m -r -f -d 'most memory; beyond it, the kernel kills in it'
complete -c bailey -n '__bailey_options_of clone' -l pids -r -f -d 'most processes and threads'
complete -c bailey -n '__bailey_options_of clone' -l cpus -r -f -d 'most CPU time, in CPUs: 0.5 is half of one'
complete -c bailey -n '__bailey_options_of clone' -l cpuset-cpus -r -f -d 'the CPUs that it may use'
complete -c bailey -n '__bailey_options_of clone' -l set -r -f -d 'a control file, as bailey get lists them'
complete -c bailey -n '__bailey_options_of clone' -l new -r -f -d 'subsystems that are its own, beside its limits'
complete -c bailey -n '__bailey_options_of clone' -l name -s n -r -f -d 'its name there; otherwise the number of the process'
complete -c bailey -n '__bailey_options_of clone' -l on-empty -r -f -a 'ignore notify delete' -d 'with PID: ignore, notify, delete'
complete -c bailey -n '__bailey_options_of clone' -l tree -s r -d 'with PID: moves all descendants of PID as well'
complete -c bailey -n '__bailey_options_of clone' -l json -d 'with PID: prints what moved and what did not as JSON'
complete -c bailey -n '__bailey_options_of clone' -l hierarchy -s H -r -f -d 'containers of that hierarchy; else of default'
complete -c bailey -n '__bailey_options_of clone' -l help -s h -d 'Shows this help'
complete -c bailey -n '__bailey_operand_of clone 0 more' -f -a '(__bailey_program 0)'

complete -c bailey -n '__bailey_options_of ps' -l all -s a -d 'lists those too in which nothing runs'
complete -c bailey -n '__bailey_options_of ps' -l quiet -s q -d 'prints names, or process numbers, only'
complete -c bailey -n '__bailey_options_of ps' -l json -d 'prints JSON'
complete -c bailey -n '__bailey_options_of ps' -l hierarchy -s H -r -f -d 'containers of that hierarchy; else of default'
complete -c bailey -n '__bailey_options_of ps' -l help -s h -d 'Shows this help'
complete -c bailey -n '__bailey_operand_of ps 0 more' -f -a '(__bailey_containers)'

complete -c bailey -n '__bailey_options_of ls' -l json -d 'prints JSON, with exact values'
complete -c bailey -n '__bailey_options_of ls' -l hierarchy -s H -r -f -d 'containers of that hierarchy; else of default'
complete -c bailey -n '__bailey_options_of ls' -l help -s h -d 'Shows this help'

complete -c bailey -n '__bailey_options_of show' -l json -d 'prints JSON'
complete -c bailey -n '__bailey_options_of show' -l hierarchy -s H -r -f -d 'containers of that hierarchy; else of default'
complete -c bailey -n '__bailey_options_of show' -l help -s h -d 'Shows this help'
complete -c bailey -n '__bailey_operand_of show 0 more' -f -a '(__bailey_containers)'

complete -c bailey -n '__bailey_options_of stats' -l follow -s f -d 'shows it again and again, with the share of CPU, until Ctrl-C'
complete -c bailey -n '__bailey_options_of stats' -l interval -r -f -d 'with --follow: how long from one to the next; 1s'
complete -c bailey -n '__bailey_options_of stats' -l json -d 'prints JSON with exact values; with --follow one object a line'
complete -c bailey -n '__bailey_options_of stats' -l hierarchy -s H -r -f -d 'containers of that hierarchy; else of default'
complete -c bailey -n '__bailey_options_of stats' -l help -s h -d 'Shows this help'
complete -c bailey -n '__bailey_operand_of stats 0 more' -f -a '(__bailey_containers)'

complete -c bailey -n '__bailey_options_of events' -l follow -s f -d 'what happens from now on'
complete -c bailey -n '__bailey_options_of events' -l interval -r -f -d 'with --follow: how long from look to look; 1s'
complete -c bailey -n '__bailey_options_of events' -l json -d 'prints JSON; with --follow one object a line'
complete -c bailey -n '__bailey_options_of events' -l hierarchy -s H -r -f -d 'containers of that hierarchy; else of default'
complete -c bailey -n '__bailey_options_of events' -l help -s h -d 'Shows this help'
complete -c bailey -n '__bailey_operand_of events 0 more' -f -a '(__bailey_containers)'

complete -c bailey -n '__bailey_options_of wait' -l hierarchy -s H -r -f -d 'containers of that hierarchy; else of default'
complete -c bailey -n '__bailey_options_of wait' -l help -s h -d 'Shows this help'
complete -c bailey -n '__bailey_operand_of wait 0 more' -f -a '(__bailey_containers)'

complete -c bailey -n '__bailey_options_of report' -l json -d 'prints JSON with exact values'
complete -c bailey -n '__bailey_options_of report' -l hierarchy -s H -r -f -d 'containers of that hierarchy; else of default'
complete -c bailey -n '__bailey_options_of report' -l help -s h -d 'Shows this help'
complete -c bailey -n '__bailey_operand_of report 0' -f -a '(__bailey_containers)'

complete -c bailey -n '__bailey_options_of kill' -l signal -s s -r -f -a 'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS' -d 'the signal to send to the command: TERM, USR1, 15'
complete -c bailey -n '__bailey_options_of kill' -l hierarchy -s H -r -f -d 'containers of that hierarchy; else of default'
complete -c bailey -n '__bailey_options_of kill' -l help -s h -d 'Shows this help'
complete -c bailey -n '__bailey_operand_of kill 0 more' -f -a '(__bailey_containers)'

complete -c bailey -n '__bailey_options_of freeze' -l hierarchy -s H -r -f -d 'containers of that hierarchy; else of default'
complete -c bailey -n '__bailey_options_of freeze' -l help -s h -d 'Shows this help'
complete -c bailey -n '__bailey_operand_of freeze 0 more' -f -a '(__bailey_containers)'

complete -c bailey -n '__bailey_options_of thaw' -l hierarchy -s H -r -f -d 'containers of that hierarchy; else of default'
complete -c bailey -n '__bailey_options_of thaw' -l help -s h -d 'Shows this help'
complete -c bailey -n '__bailey_operand_of thaw 0 more' -f -a '(__bailey_containers)'

complete -c bailey -n '__bailey_options_of rm' -l force -s f -d 'kills what runs in it first'
complete -c bailey -n '__bailey_options_of rm' -l recursive -s r -d 'removes the containers in it too'
complete -c bailey -n '__bailey_options_of rm' -l hierarchy -s H -r -f -d 'containers of that hierarchy; else of default'
complete -c bailey -n '__bailey_options_of rm' -l help -s h -d 'Shows this help'
complete -c bailey -n '__bailey_operand_of rm 0 more' -f -a '(__bailey_containers)'

complete -c bailey -n '__bailey_options_of get' -l json -d 'prints JSON'
complete -c bailey -n '__bailey_options_of get' -l view -r -f -a 'external internal effective' -d 'of a limit: external, set from here, the default; internal, set by a guest behind a boundary; effective, the lower one'
complete -c bailey -n '__bailey_options_of get' -l hierarchy -s H -r -f -d 'containers of that hierarchy; else of default'
complete -c bailey -n '__bailey_options_of get' -l help -s h -d 'Shows this help'
complete -c bailey -n '__bailey_operand_of get 0' -f -a '(__bailey_containers)'
complete -c bailey -n '__bailey_operand_of get 1 more' -f -a 'memory.max memory.high memory.low memory.swap.max memory.current memory.peak memory.swap.current memory.kmem.current memory.events memory.stat cpu.weight cpu.max cpu.max.burst cpu.stat cpuset.cpus cpuset.cpus.effective memset.mems memset.mems.effective cpuacct.usage cpuacct.usage_user cpuacct.usage_sys pids.max pids.current pids.peak pids.events io.weight io.max io.stat devices.list freezer.state hugetlb.64KB.max hugetlb.64KB.current hugetlb.2MB.max hugetlb.2MB.current hugetlb.32MB.max hugetlb.32MB.current hugetlb.512MB.max hugetlb.512MB.current hugetlb.1GB.max hugetlb.1GB.current hugetlb.16GB.max hugetlb.16GB.current pid.max pid.last pid.level mnt.mounts mnt.readonly uts.hostname uts.domainname ipc.shmmax ipc.shmall ipc.shmmni ipc.shm_rmid_forced ipc.msgmax ipc.msgmnb ipc.msgmni ipc.sem ipc.mq_queues_max ipc.mq_msg_max ipc.mq_msg_default ipc.mq_msgsize_max ipc.mq_msgsize_default net.interfaces net.core.somaxconn net.ipv4.ip_forward net.ipv4.ip_local_port_range net.ipv4.ip_unprivileged_port_start net.ipv4.ping_group_range net.ipv4.tcp_max_syn_backlog net.ipv6.conf.all.forwarding net.unix.max_dgram_qlen user.max_cgroup_namespaces user.max_ipc_namespaces user.max_mnt_namespaces user.max_net_namespaces user.max_pid_namespaces user.max_time_namespaces user.max_user_namespaces user.max_uts_namespaces user.uid_map user.gid_map user.setgroups cgroup.root time.monotonic time.boottime'

complete -c bailey -n '__bailey_options_of set' -l view -r -f -a 'external internal' -d 'of a limit: external, the default, or internal, that of a guest behind a boundary'
complete -c bailey -n '__bailey_options_of set' -l hierarchy -s H -r -f -d 'containers of that hierarchy; else of default'
complete -c bailey -n '__bailey_options_of set' -l help -s h -d 'Shows this help'
complete -c bailey -n '__bailey_operand_of set 0' -f -a '(__bailey_containers)'
complete -c bailey -n '__bailey_operand_of set 1' -f -a 'memory.max memory.high memory.low memory.swap.max cpu.weight cpu.max cpu.max.burst cpuset.cpus memset.mems pids.max io.weight io.max devices.allow devices.deny freezer.state hugetlb.64KB.max hugetlb.2MB.max hugetlb.32MB.max hugetlb.512MB.max hugetlb.1GB.max hugetlb.16GB.max pid.max pid.last mnt.readonly uts.hostname uts.domainname ipc.shmmax ipc.shmall ipc.shmmni ipc.shm_rmid_forced ipc.msgmax ipc.msgmnb ipc.msgmni ipc.sem ipc.mq_queues_max ipc.mq_msg_max ipc.mq_msg_default ipc.mq_msgsize_max ipc.mq_msgsize_default net.core.somaxconn net.ipv4.ip_forward net.ipv4.ip_local_port_range net.ipv4.ip_unprivileged_port_start net.ipv4.ping_group_range net.ipv4.tcp_max_syn_backlog net.ipv6.conf.all.forwarding net.unix.max_dgram_qlen user.max_cgroup_namespaces user.max_ipc_namespaces user.max_mnt_namespaces user.max_net_namespaces user.max_pid_namespaces user.max_time_namespaces user.max_user_namespaces user.max_uts_namespaces user.uid_map user.gid_map time.monotonic time.boottime'

complete -c bailey -n '__bailey_options_of explain' -l json -d 'prints JSON'
complete -c bailey -n '__bailey_options_of explain' -l hierarchy -s H -r -f -d 'containers of that hierarchy; else of default'
complete -c bailey -n '__bailey_options_of explain' -l help -s h -d 'Shows this help'
complete -c bailey -n '__bailey_operand_of explain 0 more' -f -a 'run'

complete -c bailey -n '__bailey_options_of subsystems' -l json -d 'prints JSON, with all control files'
complete -c bailey -n '__bailey_options_of subsystems' -l help -s h -d 'Shows this help'
complete -c bailey -n '__bailey_operand_of subsystems 0 more' -f -a 'memory cpu cpuset memset cpuacct pids io devices freezer hugetlb pid mnt uts ipc net user cgroup time'

complete -c bailey -n '__bailey_options_of namespaces' -l json -d 'prints JSON, with all that keeps each'
complete -c bailey -n '__bailey_options_of namespaces' -l hierarchy -s H -r -f -d 'containers of that hierarchy; else of default'
complete -c bailey -n '__bailey_options_of namespaces' -l help -s h -d 'Shows this help'
complete -c bailey -n '__bailey_operand_of namespaces 0 more' -f -a '(__bailey_containers)'

complete -c bailey -n '__bailey_options_of hierarchy' -l subsystems -s o -r -f -d 'with mount: what it is to have'
complete -c bailey -n '__bailey_options_of hierarchy' -l json -d 'with list: prints JSON'
complete -c bailey -n '__bailey_options_of hierarchy' -l help -s h -d 'Shows this help'
complete -c bailey -n '__bailey_operand_of hierarchy 0 more' -f -a 'list mount unmount agent'

complete -c bailey -n '__bailey_options_of mount' -l options -s o -r -f -d 'the hierarchy or subsystems at the top'
complete -c bailey -n '__bailey_options_of mount' -l foreground -d 'serves it itself, until it is unmounted'
complete -c bailey -n '__bailey_options_of mount' -l descriptor -r -f -d 'goes on serving what another has mounted'
complete -c bailey -n '__bailey_options_of mount' -l json -d 'without DIR: prints JSON'
complete -c bailey -n '__bailey_options_of mount' -l help -s h -d 'Shows this help'

complete -c bailey -n '__bailey_options_of umount' -l force -s f -d 'also where it is in use'
complete -c bailey -n '__bailey_options_of umount' -l help -s h -d 'Shows this help'

complete -c bailey -n '__bailey_options_of doctor' -l json -d 'prints JSON'
complete -c bailey -n '__bailey_options_of doctor' -l help -s h -d 'Shows this help'

complete -c bailey -n '__bailey_options_of gc' -l force -s f -d 'removes containers with a damaged record too'
complete -c bailey -n '__bailey_options_of gc' -l json -d 'prints JSON'
complete -c bailey -n '__bailey_options_of gc' -l help -s h -d 'Shows this help'

complete -c bailey -n '__bailey_options_of oci' -l root -r -f -d 'where it keeps what it knows of containers'
complete -c bailey -n '__bailey_options_of oci' -l log -r -f -d 'where errors are written to as well'
complete -c bailey -n '__bailey_options_of oci' -l log-format -r -f -d 'text or json; text unless given'
complete -c bailey -n '__bailey_options_of oci' -l debug -d 'has no effect: what is done is shown by bailey explain'
complete -c bailey -n '__bailey_options_of oci' -l systemd-cgroup -d 'takes linux.cgroupsPath for SLICE:PREFIX:NAME'
complete -c bailey -n '__bailey_options_of oci' -l cgroup-manager -r -f -a 'cgroupfs systemd disabled' -d 'cgroupfs; systemd, which is --systemd-cgroup; or disabled: no control groups, and no limits'
complete -c bailey -n '__bailey_options_of oci' -l rootless -r -f -d 'has no effect: bailey looks what it may do'
complete -c bailey -n '__bailey_options_of oci' -l criu -r -f -d 'has no effect'
complete -c bailey -n '__bailey_options_of oci' -l version -s v -d 'shows the version'
complete -c bailey -n '__bailey_options_of oci' -l help -s h -d 'Shows this help'
complete -c bailey -n '__bailey_operand_of oci 0 more' -f -a 'create start run exec state list ps events kill delete pause resume update spec features checkpoint restore'

complete -c bailey -n '__bailey_options_of serve' -l status -d 'tells what the planner does; ends with 1 if there is none'
complete -c bailey -n '__bailey_options_of serve' -l stop -d 'has it end, as soon as the commands that it answers now have ended'
complete -c bailey -n '__bailey_options_of serve' -l json -d 'with --status: prints JSON'
complete -c bailey -n '__bailey_options_of serve' -l help -s h -d 'Shows this help'

complete -c bailey -n '__bailey_options_of completion' -l help -s h -d 'Shows this help'
complete -c bailey -n '__bailey_operand_of completion 0' -f -a 'bash zsh fish'

complete -c bailey -n '__bailey_options_of version' -l json -d 'prints JSON'
complete -c bailey -n '__bailey_options_of version' -l help -s h -d 'Shows this help'

complete -c bailey -n '__bailey_options_of help' -l help -s h -d 'Shows this help'
complete -c bailey -n '__bailey_operand_of help 0' -f -a 'run exec enter create attach adopt clone ps ls show stats events wait report kill freeze thaw rm get set explain subsystems namespaces hierarchy mount umount doctor gc oci serve completion version help'
